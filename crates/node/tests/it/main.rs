//! The built binary from outside: run, killed and run again, called by members, by an unmodified foreign client, by
//! those who send rubbish and by its operator. Knows nothing of the network's inside.

mod advances;
mod advice;
mod chain;
mod console;
mod deliveries;
mod input;
mod kill;
mod model;
mod operator;
mod output;
mod playground;
mod risk;
mod screening;
mod sdk;
mod town;
mod voice;
