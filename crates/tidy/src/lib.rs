//! The house rules that can be checked, as tests: over the tracked files, and over what each floor depends on.
//! Knows nothing of what the code does.

#[cfg(test)]
mod files;
#[cfg(test)]
mod rules;
#[cfg(test)]
mod walls;
