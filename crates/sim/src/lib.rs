//! Everybody else: wallets, acquirers, FX providers as small machines, the world they live in, and the checks that must always hold.
