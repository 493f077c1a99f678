//! The life of every payment, as one table. Knows neither HTTP nor JSON nor which ledger.
