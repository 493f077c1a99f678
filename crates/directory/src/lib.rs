//! Members, keys, merchants, stores, agreements and corridors, effective-dated. Knows no live payment.
