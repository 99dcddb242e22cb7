//! What of a plan is not to be seen from outside.
