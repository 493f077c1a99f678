//! The loop, the clock, effects out and followers. Knows no rule: there is no match on a stage here.
