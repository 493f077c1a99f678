//! The public contract: request and answer bodies, both signature schemes, the OpenAPI document. Decides nothing.
