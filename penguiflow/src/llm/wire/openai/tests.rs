//! What is written and read in OpenAI's chat format. Unit tests.

mod plain;
mod reading;
mod thinking;
mod writing;
