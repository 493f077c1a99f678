//! Payment codes: EMVCo merchant- and consumer-presented, national profiles, linter, routing rules. Moves no money.
