//! HTTP for members and the operator: one endpoint a file.
