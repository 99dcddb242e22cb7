# A server of another make that speaks four formats.
aimock aimock 14010 --strict --chunk-size 5
models aimock http://127.0.0.1:14010
