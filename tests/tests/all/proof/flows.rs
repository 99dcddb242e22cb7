//! Flows drawn by `cargo run -p penguiflow-tests --bin flows`, which writes this file. Change the drawing instead.

use super::nodes::*;
use super::run::{Flows, Token, driven};
use penguiflow::flow;

flow! {
    flow_0(Token) -> Token {
        plain_0 -> plain_1 -> spread_0 -> map(again_0, 4) -> list_0 -> (
            way_0 {
                A -> hasty_0,
                B -> plain_2,
                C -> plain_3,
            } -> again_1,
            (
                plain_4 -> hasty_1,
                quick_0 -> again_2,
                quick_1 -> plain_5,
                plain_6,
            ) -> join_k(1) -> list_3 -> (
                plain_7 -> quick_2,
                hasty_2,
                hasty_3 -> quick_3 -> hasty_4,
                quick_4,
            ) -> join_k(1) -> list_4 -> way_1 {
                A -> plain_8,
                B -> plain_9 -> plain_10 -> hasty_5,
                C -> plain_11 -> hasty_6,
            },
            plain_12,
            plain_13 -> (
                plain_14 -> again_3 -> hasty_7,
                quick_5 -> plain_15,
                quick_6 -> quick_7,
            ) -> join -> triple_0 -> (
                plain_16 -> plain_17,
                plain_18 -> plain_19,
                again_4 -> plain_20,
            ) -> join -> triple_1,
        ) -> join_k(4) -> list_2
    }
}

flow! {
    flow_1(Token) -> Token {
        plain_0 -> repeat(turns = 3) {
            hasty_0 -> way_0 {
                A -> plain_1 -> plain_2,
                B -> again_0 -> quick_0 -> plain_3,
                C -> quick_1 -> hasty_1 -> plain_4,
            } -> turn_0
        }
    }
}

flow! {
    flow_2(Token) -> Token {
        plain_0 -> way_0 {
            A -> way_1 {
                A -> quick_0,
                B -> plain_1 -> hasty_0 -> again_0,
                C -> hasty_1 -> hasty_2,
            } -> (
                plain_3 -> quick_1 -> plain_4,
                hasty_3 -> plain_5 -> plain_6,
            ) -> first -> plain_2 -> tee(hasty_4),
            B -> hasty_5 -> drop,
            C -> repeat(turns = 4) {
                plain_7 -> turn_0
            } -> (
                quick_2 -> hasty_6 -> again_1,
                plain_8 -> plain_9 -> again_2,
            ) -> settle -> outcome_0 -> (
                hasty_7,
                plain_10,
                plain_11 -> plain_12,
                plain_13 -> plain_14,
            ) -> join_k(1) -> list_0 -> drop,
        }
    }
}

flow! {
    flow_3(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> tee(again_0) -> (
                plain_2 -> again_1 -> hasty_0,
                hasty_1 -> plain_3,
            ) -> first -> plain_1 -> plain_4,
            late_1 -> tee(quick_0 -> plain_5),
            late_2 -> hasty_2 -> flow_1 -> plain_6,
        ) -> join -> triple_0
    }
}

flow! {
    flow_4(Token) -> Token {
        plain_0 -> (
            repeat(turns = 4) {
                plain_1 -> hasty_0 -> plain_2 -> turn_0
            } -> (
                quick_0 -> plain_3,
                hasty_1 -> plain_4,
            ) -> settle -> outcome_0,
            (
                hasty_2 -> plain_5 -> plain_6,
                plain_7 -> plain_8 -> plain_9,
            ) -> join -> pair_0 -> spread_0 -> map(flow_2, 3) -> list_0 -> (
                plain_10,
                plain_11 -> plain_12,
            ) -> join -> pair_1,
            plain_13,
        ) -> join -> triple_0
    }
}

flow! {
    flow_5(Token) -> Token {
        plain_0 -> spread_0 -> map(again_0, 1) -> list_0 -> plain_1 -> plain_2 -> plain_3 -> tee(again_1 -> (
                plain_4 -> again_2,
                hasty_0 -> plain_5,
                plain_6 -> again_3,
                plain_7,
            ) -> join_k(1) -> list_1 -> way_0 {
                A -> plain_8 -> again_4,
                B -> plain_9 -> drop,
                C -> hasty_1 -> plain_10 -> quick_0,
            }, best_effort)
    }
}

flow! {
    flow_6(Token) -> Token {
        plain_0 -> flow_5 -> (
            plain_1 -> tee(plain_2, best_effort),
            tee(hasty_0, best_effort),
        ) -> join -> pair_0 -> way_0 {
            A -> again_0 -> way_1 {
                A -> plain_3 -> plain_4,
                B -> plain_5 -> plain_6,
                C -> plain_7 -> hasty_1 -> plain_8,
            },
            B -> way_2 {
                A -> hasty_2 -> plain_9 -> plain_10,
                B -> plain_11 -> hasty_3,
                C -> plain_12 -> plain_13 -> plain_14,
            } -> quick_0 -> hasty_4,
            C -> hasty_5,
        }
    }
}

flow! {
    flow_7(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> way_0 {
                A -> quick_0 -> again_0,
                B -> hasty_0,
                C -> hasty_1,
            } -> (
                plain_1,
                plain_2 -> plain_3,
            ) -> join_k(2) -> list_0,
            late_1 -> plain_4 -> tee(plain_5 -> hasty_2 -> quick_1, best_effort) -> way_1 {
                A -> hasty_3 -> plain_6,
                B -> hasty_4 -> again_1,
                C -> plain_7 -> hasty_5,
            },
            late_2 -> way_2 {
                A -> hasty_6 -> hasty_7,
                B -> quick_2 -> plain_8,
                C -> plain_9 -> again_2 -> plain_10,
            },
        ) -> join -> triple_0
    }
}

flow! {
    flow_8(Token) -> Token {
        plain_0 -> way_0 {
            A -> plain_3,
            B -> spread_0 -> map(again_0, 1) -> list_0,
            C -> way_1 {
                A -> again_1 -> plain_1,
                B -> plain_2 -> again_2,
                C -> quick_0 -> again_3,
            },
        }
    }
}

flow! {
    flow_9(Token) -> Token {
        plain_0 -> way_0 {
            A -> plain_1,
            B -> spread_0 -> map(plain_2, 3) -> list_0 -> drop,
            C -> flow_0 -> plain_3 -> quick_0,
        } -> plain_4 -> quick_1 -> (
            spread_1 -> map(plain_5, 3) -> list_1 -> spread_2 -> map(flow_1, 3) -> list_2,
            hasty_0 -> plain_6 -> spread_3 -> map(again_0, 2) -> list_3,
        ) -> join -> pair_0
    }
}

flow! {
    flow_10(Token) -> Token {
        plain_0 -> (
            flow_4 -> spread_0 -> map(flow_5, 3) -> list_1,
            (
                plain_2 -> quick_0 -> again_0,
                plain_3 -> again_1 -> quick_1,
                again_2,
            ) -> first -> plain_1 -> way_0 {
                A -> plain_4,
                B -> again_3 -> plain_5 -> plain_6,
                C -> plain_7 -> hasty_0 -> quick_2,
            } -> hasty_1,
        ) -> join_k(1) -> list_0
    }
}

flow! {
    flow_11(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> plain_1 -> quick_0 -> plain_2,
            late_1 -> repeat(turns = 3) {
                hasty_0 -> again_0 -> quick_1 -> turn_0
            } else plain_3 -> tee(plain_4) -> (
                plain_5 -> quick_2,
                plain_6 -> plain_7,
            ) -> join -> pair_0,
            late_2 -> again_1 -> way_0 {
                A -> plain_8,
                B -> quick_3 -> plain_9 -> hasty_1,
                C -> hasty_2,
            } -> spread_0 -> map(again_2, 1) -> list_1,
            late_3 -> plain_10 -> (
                again_3,
                plain_11,
                plain_12 -> hasty_3,
                plain_13,
            ) -> join_k(1) -> list_2 -> flow_4,
        ) -> join_k(1) -> list_0
    }
}

flow! {
    flow_12(Token) -> Token {
        plain_0 -> tee((
                plain_2 -> hasty_0 -> quick_0,
                plain_3 -> hasty_1,
            ) -> first -> plain_1 -> hasty_2 -> flow_5) -> quick_1
    }
}

flow! {
    flow_13(Token) -> Token {
        plain_0 -> plain_1 -> tee((
                quick_0,
                plain_2,
                hasty_0,
            ) -> join -> triple_0, best_effort) -> way_0 {
            A -> way_1 {
                A -> quick_1 -> plain_3 -> plain_4,
                B -> quick_2 -> hasty_1,
                C -> again_0 -> plain_5 -> again_1,
            } -> repeat(turns = 1) {
                hasty_2 -> hasty_3 -> plain_6 -> turn_0
            } else plain_7,
            B -> (
                plain_8,
                plain_9 -> plain_10 -> quick_3,
                plain_11,
            ) -> join -> triple_1 -> (
                hasty_4,
                hasty_5,
                hasty_6 -> plain_12 -> hasty_7,
                quick_4,
            ) -> join_k(1) -> list_0 -> (
                plain_13 -> again_2 -> again_3,
                plain_14,
            ) -> join -> pair_0,
            C -> plain_15 -> plain_16,
        }
    }
}

flow! {
    flow_14(Token) -> Token {
        plain_0 -> spread_0 -> map(plain_1, 1) -> list_0 -> (
            flow_6 -> (
                hasty_0,
                plain_2,
                hasty_1 -> plain_3,
            ) -> join -> triple_0,
            hasty_2 -> (
                hasty_3 -> plain_4 -> plain_5,
                hasty_4,
            ) -> settle -> outcome_0,
            tee(plain_6 -> hasty_5 -> hasty_6) -> spread_1 -> map(plain_7, 3) -> list_2,
            plain_8,
        ) -> join_k(2) -> list_1
    }
}

flow! {
    flow_15(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> plain_1 -> tee(again_0) -> (
                plain_3 -> hasty_0,
                quick_0 -> quick_1 -> plain_4,
            ) -> first -> plain_2,
            late_1 -> (
                plain_5 -> again_1 -> plain_6,
                again_2,
                plain_7 -> plain_8 -> hasty_1,
            ) -> join_k(3) -> list_0 -> spread_0 -> map(again_3, 1) -> list_1 -> tee(hasty_2 -> hasty_3),
            late_2 -> tee(plain_9 -> again_4 -> quick_2, best_effort) -> hasty_4 -> way_0 {
                A -> plain_10 -> plain_11,
                B -> again_5 -> plain_12 -> drop,
                C -> hasty_5,
            },
        ) -> join -> triple_0
    }
}

flow! {
    flow_16(Token) -> Token {
        plain_0 -> (
            again_0 -> way_0 {
                A -> plain_1 -> hasty_0,
                B -> hasty_1 -> plain_2 -> again_1,
                C -> quick_0 -> plain_3 -> plain_4,
            },
            way_1 {
                A -> plain_5 -> again_2,
                B -> quick_1 -> plain_6 -> drop,
                C -> plain_7 -> plain_8 -> plain_9,
            } -> way_2 {
                A -> plain_10,
                B -> plain_11,
                C -> plain_12 -> plain_13,
            } -> repeat(turns = 3) {
                plain_14 -> turn_0
            },
            (
                quick_2 -> plain_15,
                plain_16 -> hasty_2 -> plain_17,
                hasty_3 -> hasty_4 -> plain_18,
            ) -> join -> triple_0 -> spread_0 -> map(plain_19, 1) -> list_1 -> tee(plain_20 -> again_3),
        ) -> join_k(2) -> list_0
    }
}

flow! {
    flow_17(Token) -> Token {
        plain_0 -> hasty_0 -> (
            (
                plain_2 -> quick_0,
                again_0,
            ) -> join -> pair_0 -> way_0 {
                A -> plain_3,
                B -> plain_4 -> again_1 -> quick_1,
                C -> plain_5 -> hasty_1,
            } -> spread_0 -> map(flow_4, 3) -> list_0,
            quick_2 -> plain_6 -> repeat(turns = 4) {
                plain_7 -> turn_0
            } else plain_8,
            tee(hasty_2 -> hasty_3) -> (
                plain_10 -> plain_11 -> again_2,
                again_3 -> hasty_4,
                hasty_5,
                hasty_6,
            ) -> first -> plain_9 -> repeat(turns = 2) {
                hasty_7 -> turn_1
            } else plain_12,
            plain_13 -> plain_14,
        ) -> first -> plain_1
    }
}

flow! {
    flow_18(Token) -> Token {
        plain_0 -> (
            way_0 {
                A -> plain_2 -> hasty_0 -> plain_3,
                B -> quick_0 -> again_0,
                C -> plain_4 -> plain_5 -> hasty_1,
            },
            spread_0 -> map(flow_14, 4) -> list_0 -> plain_6,
            spread_1 -> map(flow_13, 2) -> list_1 -> again_1 -> (
                plain_7,
                hasty_2 -> again_2 -> again_3,
            ) -> join_k(1) -> list_2,
        ) -> first -> plain_1
    }
}

flow! {
    flow_19(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> quick_0 -> hasty_0,
            late_1 -> plain_1 -> repeat(turns = 1) {
                hasty_1 -> again_0 -> again_1 -> turn_0
            },
            late_2 -> flow_8 -> tee(plain_2 -> hasty_2 -> plain_3) -> way_0 {
                A -> hasty_3 -> hasty_4 -> hasty_5,
                B -> plain_4,
                C -> quick_1 -> plain_5 -> plain_6,
            },
        ) -> join_k(3) -> list_0
    }
}

flow! {
    flow_20(Token) -> Token {
        plain_0 -> tee(hasty_0 -> (
                hasty_1 -> plain_1,
                again_0,
                hasty_2,
                plain_2,
            ) -> join_k(4) -> list_0) -> repeat(turns = 4) {
            spread_0 -> map(flow_4, 1) -> list_1 -> turn_0
        } -> tee((
                plain_3 -> plain_4 -> plain_5,
                plain_6 -> plain_7,
                hasty_3,
            ) -> join -> triple_0 -> plain_8 -> again_1)
    }
}

flow! {
    flow_21(Token) -> Token {
        plain_0 -> (
            way_0 {
                A -> plain_1,
                B -> again_0 -> hasty_0 -> plain_2,
                C -> hasty_1,
            },
            spread_0 -> map(plain_3, 2) -> list_0 -> repeat(turns = 2) {
                plain_4 -> plain_5 -> quick_0 -> turn_0
            } else plain_6,
        ) -> join -> pair_0 -> tee(plain_7 -> (
                plain_8,
                quick_1 -> plain_9,
                plain_10,
            ) -> join -> triple_0 -> spread_1 -> map(again_1, 4) -> list_1, best_effort)
    }
}

flow! {
    flow_22(Token) -> Token {
        plain_0 -> tee(way_0 {
                A -> plain_1,
                B -> again_0 -> plain_2 -> hasty_0,
                C -> hasty_1 -> quick_0 -> plain_3,
            }) -> plain_4 -> way_1 {
            A -> spread_0 -> map(again_1, 1) -> list_0 -> spread_1 -> map(flow_16, 4) -> list_1,
            B -> (
                plain_5 -> hasty_2,
                again_2,
                plain_6 -> quick_1,
                again_3,
            ) -> join_k(1) -> list_2 -> drop,
            C -> way_2 {
                A -> hasty_3 -> hasty_4 -> again_4,
                B -> hasty_5 -> again_5 -> plain_7,
                C -> again_6 -> plain_8,
            },
        }
    }
}

flow! {
    flow_23(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> (
                plain_2 -> plain_3,
                plain_4,
                quick_0 -> plain_5,
            ) -> first -> plain_1,
            late_1 -> tee(plain_6) -> flow_17,
            late_2 -> (
                plain_7 -> again_0 -> plain_8,
                quick_1 -> plain_9,
                plain_10,
            ) -> join_k(1) -> list_1,
            late_3 -> repeat(turns = 4) {
                plain_11 -> hasty_0 -> plain_12 -> turn_0
            } else plain_13 -> tee(hasty_1 -> plain_14 -> plain_15) -> repeat(turns = 4) {
                hasty_2 -> turn_1
            },
        ) -> join_k(1) -> list_0
    }
}

flow! {
    flow_24(Token) -> Token {
        plain_0 -> way_0 {
            A -> spread_0 -> map(plain_1, 3) -> list_0 -> way_1 {
                A -> plain_2,
                B -> plain_3,
                C -> plain_4 -> hasty_0,
            } -> (
                hasty_1 -> plain_5,
                again_0 -> quick_0,
                hasty_2 -> plain_6,
            ) -> join -> triple_0,
            B -> tee(quick_1, best_effort) -> (
                plain_7 -> plain_8,
                plain_9,
                plain_10,
                plain_11 -> quick_2 -> quick_3,
            ) -> join_k(2) -> list_1 -> repeat(turns = 4) {
                plain_12 -> plain_13 -> turn_0
            } -> drop,
            C -> repeat(turns = 4) {
                plain_14 -> turn_1
            } -> repeat(turns = 3) {
                plain_15 -> hasty_3 -> turn_2
            } else plain_16,
        }
    }
}

flow! {
    flow_25(Token) -> Token {
        plain_0 -> hasty_0 -> tee(way_0 {
                A -> again_0 -> plain_1 -> plain_2,
                B -> hasty_1 -> hasty_2,
                C -> quick_0 -> plain_3,
            } -> spread_0 -> map(again_1, 4) -> list_0, best_effort) -> flow_20 -> (
            flow_12 -> plain_4,
            way_1 {
                A -> plain_5 -> again_2 -> plain_6,
                B -> hasty_3 -> again_3 -> plain_7,
                C -> hasty_4 -> again_4 -> plain_8,
            } -> (
                plain_9 -> again_5,
                hasty_5 -> hasty_6,
                plain_10 -> plain_11,
            ) -> join -> triple_0 -> way_2 {
                A -> plain_12 -> plain_13,
                B -> again_6 -> again_7 -> hasty_7,
                C -> plain_14,
            },
            plain_15,
            tee(plain_16 -> quick_1, best_effort) -> flow_24,
        ) -> join_k(1) -> list_1
    }
}

flow! {
    flow_26(Token) -> Token {
        plain_0 -> (
            plain_1 -> tee(plain_2 -> quick_0 -> plain_3, best_effort) -> hasty_0,
            hasty_1,
        ) -> settle -> outcome_0 -> (
            hasty_2,
            (
                plain_4,
                quick_1 -> plain_5,
            ) -> join -> pair_0 -> plain_6,
        ) -> settle -> outcome_1
    }
}

flow! {
    flow_27(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> plain_1 -> hasty_0 -> tee(plain_2, best_effort),
            late_1 -> hasty_1 -> plain_3,
            late_2 -> spread_0 -> map(again_0, 2) -> list_0 -> way_0 {
                A -> hasty_2 -> hasty_3,
                B -> plain_4 -> hasty_4 -> quick_0,
                C -> hasty_5 -> plain_5 -> plain_6,
            } -> tee(plain_7, best_effort),
        ) -> join -> triple_0
    }
}

flow! {
    flow_28(Token) -> Token {
        plain_0 -> repeat(turns = 1) {
            plain_1 -> spread_0 -> map(again_0, 2) -> list_0 -> flow_22 -> turn_0
        } else plain_2 -> plain_3 -> way_0 {
            A -> hasty_0 -> (
                hasty_1,
                hasty_2 -> plain_5 -> again_1,
                hasty_3,
            ) -> first -> plain_4,
            B -> hasty_4 -> hasty_5 -> (
                plain_6 -> plain_7,
                quick_0 -> again_2 -> plain_8,
                plain_9 -> plain_10,
                plain_11,
            ) -> join_k(3) -> list_1,
            C -> flow_9,
        }
    }
}

flow! {
    flow_29(Token) -> Token {
        plain_0 -> way_0 {
            A -> plain_1 -> tee(hasty_0, best_effort) -> way_1 {
                A -> quick_0 -> plain_2 -> plain_3,
                B -> plain_4 -> plain_5,
                C -> quick_1,
            },
            B -> way_2 {
                A -> plain_6,
                B -> plain_7 -> plain_8,
                C -> again_0 -> again_1 -> again_2,
            } -> tee(plain_9 -> quick_2 -> hasty_1, best_effort) -> again_3,
            C -> hasty_2 -> hasty_3 -> tee(quick_3 -> plain_10 -> hasty_4, best_effort) -> drop,
        }
    }
}

flow! {
    flow_30(Token) -> Token {
        plain_0 -> spread_0 -> map(plain_1, 2) -> list_0 -> plain_2 -> flow_12 -> repeat(turns = 2) {
            way_0 {
                A -> plain_3,
                B -> plain_4 -> hasty_0,
                C -> plain_5 -> quick_0 -> again_0,
            } -> (
                plain_6,
                again_1 -> again_2,
            ) -> join_k(2) -> list_1 -> turn_0
        }
    }
}

flow! {
    flow_31(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> hasty_0 -> again_0,
            late_1 -> repeat(turns = 2) {
                plain_1 -> again_1 -> hasty_1 -> turn_0
            } -> flow_14,
            late_2 -> repeat(turns = 2) {
                hasty_2 -> plain_2 -> plain_3 -> turn_1
            },
            late_3 -> flow_26,
        ) -> join_k(1) -> list_0 -> (
            tee(plain_4 -> plain_5) -> plain_6,
            plain_7,
            hasty_3 -> way_0 {
                A -> plain_8 -> quick_0,
                B -> again_2 -> again_3,
                C -> plain_9 -> plain_10,
            } -> tee(plain_11 -> hasty_4, best_effort),
        ) -> join -> triple_0
    }
}

flow! {
    flow_32(Token) -> Token {
        plain_0 -> repeat(turns = 3) {
            way_0 {
                A -> plain_1 -> plain_2,
                B -> hasty_0,
                C -> plain_3,
            } -> plain_4 -> turn_0
        } -> (
            (
                hasty_1,
                plain_5,
            ) -> join -> pair_0 -> (
                again_0 -> plain_6,
                hasty_2 -> hasty_3 -> quick_0,
                plain_7,
            ) -> join -> triple_1 -> quick_1,
            repeat(turns = 4) {
                quick_2 -> turn_1
            } else plain_8 -> hasty_4,
            (
                again_1 -> hasty_5,
                plain_9 -> again_2 -> quick_3,
                plain_10 -> plain_11,
            ) -> join -> triple_2 -> plain_12 -> plain_13,
        ) -> join -> triple_0
    }
}

flow! {
    flow_33(Token) -> Token {
        plain_0 -> spread_0 -> map(plain_1, 3) -> list_0 -> (
            plain_2,
            tee(plain_3 -> hasty_0 -> hasty_1) -> (
                hasty_2,
                plain_4 -> plain_5,
                hasty_3 -> plain_6,
            ) -> join -> triple_0,
            tee(quick_0 -> plain_7 -> hasty_4, best_effort) -> (
                plain_8,
                again_0 -> hasty_5,
            ) -> join_k(2) -> list_3,
        ) -> join_k(2) -> list_1
    }
}

flow! {
    flow_34(Token) -> Token {
        plain_0 -> plain_1 -> plain_2 -> plain_3 -> (
            plain_4,
            spread_0 -> map(again_0, 1) -> list_0 -> hasty_0,
        ) -> settle -> outcome_0 -> plain_5 -> way_0 {
            A -> (
                hasty_1 -> quick_0 -> quick_1,
                plain_7 -> plain_8 -> plain_9,
                plain_10 -> plain_11 -> again_1,
            ) -> first -> plain_6 -> flow_5,
            B -> spread_1 -> map(plain_12, 2) -> list_1 -> way_1 {
                A -> plain_13,
                B -> plain_14 -> plain_15,
                C -> quick_2,
            } -> way_2 {
                A -> plain_16 -> plain_17,
                B -> quick_3 -> plain_18 -> plain_19,
                C -> plain_20,
            },
            C -> tee(hasty_2 -> plain_21 -> plain_22) -> done,
        }
    }
}

flow! {
    flow_35(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> way_0 {
                A -> again_0,
                B -> hasty_0 -> quick_0,
                C -> plain_1 -> plain_2,
            } -> (
                again_1,
                plain_4 -> hasty_1,
                plain_5 -> plain_6,
                hasty_2 -> again_2,
            ) -> first -> plain_3,
            late_1 -> way_1 {
                A -> plain_7,
                B -> plain_8 -> hasty_3,
                C -> plain_9,
            },
            late_2 -> flow_4 -> repeat(turns = 1) {
                plain_10 -> plain_11 -> plain_12 -> turn_0
            } else plain_13 -> way_2 {
                A -> plain_14 -> hasty_4 -> hasty_5,
                B -> quick_1 -> quick_2,
                C -> quick_3 -> drop,
            },
            late_3 -> plain_15 -> plain_16 -> tee(hasty_6 -> plain_17),
        ) -> join_k(1) -> list_0
    }
}

flow! {
    flow_36(Token) -> Token {
        plain_0 -> (
            (
                plain_1 -> plain_2 -> plain_3,
                hasty_0,
                plain_4 -> hasty_1 -> hasty_2,
            ) -> join -> triple_1 -> again_0 -> again_1,
            again_2,
            plain_5 -> quick_0,
        ) -> join -> triple_0 -> way_0 {
            A -> hasty_3 -> repeat(turns = 3) {
                plain_6 -> turn_0
            } -> tee(plain_7 -> plain_8 -> plain_9, best_effort),
            B -> (
                again_3,
                plain_10,
                plain_11 -> plain_12,
            ) -> join -> triple_2 -> spread_0 -> map(again_4, 3) -> list_0,
            C -> tee(quick_1, best_effort),
        }
    }
}

flow! {
    flow_37(Token) -> Token {
        plain_0 -> quick_0 -> way_0 {
            A -> way_1 {
                A -> quick_1 -> again_0,
                B -> quick_2 -> done,
                C -> plain_1 -> plain_2 -> done,
            } -> again_1,
            B -> (
                plain_3 -> plain_4 -> hasty_0,
                hasty_1 -> plain_5 -> hasty_2,
            ) -> join_k(2) -> list_0 -> drop,
            C -> way_2 {
                A -> quick_3 -> hasty_3 -> plain_6,
                B -> plain_7 -> hasty_4,
                C -> plain_8 -> again_2 -> plain_9,
            },
        }
    }
}

flow! {
    flow_38(Token) -> Token {
        plain_0 -> (
            (
                plain_1 -> quick_0,
                hasty_0 -> hasty_1,
                plain_2 -> hasty_2,
            ) -> join -> triple_0 -> way_0 {
                A -> plain_3 -> plain_4,
                B -> plain_5 -> plain_6,
                C -> again_0 -> hasty_3,
            } -> (
                quick_1 -> plain_7,
                plain_8 -> hasty_4,
                plain_9,
            ) -> join -> triple_1,
            repeat(turns = 2) {
                plain_10 -> again_1 -> turn_0
            } -> (
                hasty_5 -> hasty_6,
                plain_11 -> plain_12,
            ) -> settle -> outcome_0,
            repeat(turns = 3) {
                hasty_7 -> plain_13 -> turn_1
            } else plain_14,
            spread_0 -> map(again_2, 4) -> list_1 -> way_1 {
                A -> plain_15,
                B -> quick_2,
                C -> quick_3,
            },
        ) -> join_k(2) -> list_0
    }
}

flow! {
    flow_39(Token) -> Token {
        plain_0 -> parallel(
            late_0 -> spread_0 -> map(flow_36, 4) -> list_0 -> hasty_0,
            late_1 -> plain_1,
        ) -> join -> pair_0 -> (
            (
                plain_2 -> plain_3,
                hasty_1,
                hasty_2 -> hasty_3 -> hasty_4,
                plain_4 -> again_0,
            ) -> join_k(3) -> list_2 -> tee(quick_0 -> again_1),
            way_0 {
                A -> hasty_5,
                B -> hasty_6,
                C -> again_2 -> hasty_7,
            } -> plain_5,
            way_1 {
                A -> again_3,
                B -> plain_6,
                C -> plain_7,
            },
            tee(quick_1, best_effort) -> repeat(turns = 3) {
                plain_8 -> again_4 -> plain_9 -> turn_0
            } else plain_10,
        ) -> join_k(4) -> list_1
    }
}

flow! {
    line_0(Token) -> Token {
        channels(1) plain_0 -> quick_1 -> quick_2
    }
}

flow! {
    line_1(Token) -> Token {
        channels(2) quick_0 -> plain_1 -> quick_2 -> plain_3
    }
}

flow! {
    line_2(Token) -> Token {
        channels(3) plain_0 -> again_1 -> plain_2 -> again_3 -> again_4
    }
}

flow! {
    line_3(Token) -> Token {
        queue(2, workers = 1) -> quick_0 -> queue(3, workers = 1) -> quick_1 -> queue(1, workers = 1) -> again_2 -> queue(3, workers = 1) -> quick_3 -> queue(3, workers = 1) -> quick_4 -> queue(3, workers = 1) -> again_5
    }
}

flow! {
    line_4(Token) -> Token {
        queue(3, workers = 1) -> plain_0 -> queue(2, workers = 1) -> plain_1 -> queue(3, workers = 1) -> plain_2
    }
}

flow! {
    line_5(Token) -> Token {
        queue(1, workers = 1) -> again_0 -> queue(2, workers = 1) -> plain_1 -> queue(2, workers = 1) -> again_2 -> queue(2, workers = 1) -> quick_3
    }
}

flow! {
    line_6(Token) -> Token {
        queue(2, workers = 1) -> again_0 -> queue(2, workers = 3) -> quick_1 -> queue(1, workers = 3) -> again_2 -> queue(2, workers = 3) -> again_3 -> queue(2, workers = 3) -> again_4
    }
}

flow! {
    line_7(Token) -> Token {
        queue(2, workers = 3) -> plain_0 -> queue(2, workers = 2) -> plain_1 -> queue(1, workers = 3) -> plain_2 -> queue(3, workers = 3) -> plain_3 -> queue(3, workers = 2) -> plain_4 -> queue(2, workers = 3) -> plain_5
    }
}

flow! {
    web_0(Token) -> Token {
        plain_0;
        plain_0 -> again_0
    }
}

flow! {
    web_1(Token) -> Token {
        plain_0;
        plain_0 -> hasty_0;
        plain_0 -> quick_0;
        (plain_0, quick_0) -> join -> pair_0;
        (hasty_0, quick_0) -> join -> pair_1;
        (quick_0, pair_0) -> join -> pair_2;
        hasty_0 -> again_0;
        pair_1 -> quick_1;
        (pair_2, again_0) -> join -> pair_3;
        (quick_1, pair_3) -> join -> pair_4
    }
}

flow! {
    web_2(Token) -> Token {
        plain_0;
        plain_0 -> quick_0;
        plain_0 -> hasty_0;
        hasty_0 -> plain_1;
        plain_0 -> plain_2;
        (hasty_0, plain_1) -> join -> pair_0;
        hasty_0 -> way_0 { A -> quick_1, B -> again_1, C -> drop };
        quick_1 -> again_0;
        again_0 -> plain_3;
        again_1 -> plain_3;
        (quick_0, plain_2) -> join -> pair_1;
        (pair_0, plain_3) -> join -> pair_2;
        (pair_1, pair_2) -> join -> pair_3
    }
}

flow! {
    web_3(Token) -> Token {
        plain_0;
        plain_0 -> hasty_0;
        hasty_0 -> plain_1;
        hasty_0 -> quick_0;
        plain_0 -> again_0;
        plain_1 -> way_0 { A -> quick_1, B -> hasty_1, C -> quick_2 };
        quick_2 -> quick_3;
        hasty_1 -> plain_2;
        quick_3 -> plain_2;
        quick_1 -> plain_3;
        plain_2 -> plain_3;
        plain_0 -> plain_4;
        plain_1 -> hasty_2;
        again_0 -> hasty_3;
        plain_3 -> hasty_4;
        again_0 -> hasty_5;
        hasty_3 -> again_1;
        (quick_0, plain_4) -> join -> pair_0;
        (hasty_2, hasty_4) -> join -> pair_1;
        (hasty_5, again_1) -> join -> pair_2;
        (pair_0, pair_1) -> join -> pair_3;
        (pair_2, pair_3) -> join -> pair_4
    }
}

flow! {
    web_4(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> hasty_0, B -> again_0, C -> quick_1 };
        again_0 -> quick_0;
        hasty_0 -> plain_1;
        quick_0 -> plain_1;
        quick_1 -> plain_1;
        plain_0 -> hasty_1;
        hasty_1 -> hasty_2;
        hasty_1 -> quick_2;
        hasty_1 -> way_1 { A -> again_1, B -> drop, C -> again_2 };
        again_2 -> hasty_3;
        again_1 -> plain_2;
        hasty_3 -> plain_2;
        (plain_1, quick_2) -> join -> pair_0;
        (hasty_2, plain_2) -> join -> pair_1;
        (pair_0, pair_1) -> join -> pair_2
    }
}

flow! {
    web_5(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> quick_0, B -> drop, C -> plain_1 };
        quick_0 -> hasty_0;
        hasty_0 -> plain_2;
        plain_1 -> plain_2;
        plain_2 -> quick_1;
        plain_2 -> plain_3;
        plain_2 -> again_0;
        (plain_0, plain_3) -> join -> pair_0;
        (quick_1, again_0) -> join -> pair_1;
        (pair_0, pair_1) -> join -> pair_2
    }
}

flow! {
    web_6(Token) -> Token {
        plain_0;
        plain_0 -> hasty_0;
        hasty_0 -> quick_0;
        hasty_0 -> again_0;
        quick_0 -> hasty_1;
        (again_0, hasty_1) -> join -> pair_0
    }
}

flow! {
    web_7(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> quick_0, B -> hasty_0, C -> again_0 };
        hasty_0 -> plain_1;
        again_0 -> plain_1;
        quick_0 -> plain_2;
        plain_1 -> plain_2;
        (plain_0, plain_2) -> join -> pair_0;
        plain_2 -> way_1 { A -> again_1, B -> drop, C -> plain_3 };
        again_1 -> quick_1;
        quick_1 -> plain_4;
        plain_3 -> plain_4;
        (plain_2, plain_4) -> join -> pair_1;
        pair_1 -> hasty_1;
        pair_1 -> quick_2;
        plain_2 -> again_2;
        hasty_1 -> quick_3;
        (pair_0, quick_2) -> join -> pair_2;
        (again_2, quick_3) -> join -> pair_3;
        (pair_2, pair_3) -> join -> pair_4
    }
}

flow! {
    web_8(Token) -> Token {
        plain_0;
        plain_0 -> quick_0;
        plain_0 -> again_0;
        plain_0 -> way_0 { A -> plain_1, B -> drop, C -> quick_1 };
        plain_1 -> again_1;
        again_1 -> plain_2;
        quick_1 -> plain_2;
        plain_2 -> hasty_0;
        (plain_0, plain_2) -> first -> plain_3;
        plain_0 -> quick_2;
        hasty_0 -> quick_3;
        plain_2 -> plain_4;
        plain_2 -> again_2;
        plain_0 -> plain_5;
        plain_5 -> quick_4;
        again_0 -> again_3;
        (quick_0, plain_3) -> join -> pair_0;
        (quick_2, quick_3) -> first -> plain_6;
        (plain_4, again_2) -> join_k(1) -> list_0;
        (quick_4, again_3) -> join_k(1) -> list_1;
        (pair_0, plain_6) -> join_k(2) -> list_2;
        (list_0, list_1) -> join -> pair_1;
        (list_2, pair_1) -> settle -> outcome_0
    }
}

flow! {
    web_9(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> again_0, B -> drop, C -> hasty_0 };
        hasty_0 -> again_1;
        again_0 -> plain_1;
        again_1 -> plain_1;
        (plain_0, plain_1) -> settle -> outcome_0;
        (plain_0, outcome_0) -> join -> pair_0;
        outcome_0 -> hasty_1;
        hasty_1 -> quick_0;
        quick_0 -> way_1 { A -> again_2, B -> quick_1, C -> hasty_2 };
        again_2 -> plain_2;
        plain_2 -> plain_3;
        quick_1 -> plain_3;
        hasty_2 -> plain_3;
        (plain_1, pair_0, plain_3) -> join -> triple_0;
        outcome_0 -> plain_4;
        (outcome_0, hasty_1, plain_3) -> join -> triple_1;
        (triple_0, plain_4) -> join_k(1) -> list_0;
        (triple_1, list_0) -> settle -> outcome_1
    }
}

flow! {
    web_10(Token) -> Token {
        plain_0;
        plain_0 -> plain_1;
        (plain_0, plain_1) -> settle -> outcome_0;
        (plain_0, plain_1, outcome_0) -> first -> plain_2;
        (plain_0, plain_1, outcome_0) -> join_k(1) -> list_0;
        plain_2 -> again_0;
        (list_0, again_0) -> join -> pair_0
    }
}

flow! {
    web_11(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> hasty_0, B -> plain_1, C -> plain_2 };
        hasty_0 -> hasty_1;
        plain_1 -> plain_3;
        plain_2 -> plain_3;
        hasty_1 -> plain_4;
        plain_3 -> plain_4;
        plain_4 -> way_1 { A -> plain_5, B -> quick_0, C -> again_0 };
        plain_5 -> plain_6;
        quick_0 -> hasty_2;
        again_0 -> plain_7;
        plain_6 -> plain_8;
        hasty_2 -> plain_8;
        plain_7 -> plain_8;
        plain_0 -> way_2 { A -> quick_1, B -> hasty_3, C -> hasty_4 };
        hasty_3 -> plain_9;
        plain_9 -> plain_10;
        hasty_4 -> plain_10;
        quick_1 -> plain_11;
        plain_10 -> plain_11;
        (plain_0, plain_11) -> settle -> outcome_0;
        (plain_8, outcome_0) -> join_k(1) -> list_0
    }
}

flow! {
    web_12(Token) -> Token {
        plain_0;
        plain_0 -> again_0;
        again_0 -> hasty_0;
        plain_0 -> again_1;
        hasty_0 -> way_0 { A -> hasty_1, B -> drop, C -> plain_2 };
        hasty_1 -> plain_1;
        plain_1 -> plain_3;
        plain_2 -> plain_3;
        again_1 -> again_2;
        hasty_0 -> way_1 { A -> again_3, B -> quick_0, C -> quick_1 };
        quick_0 -> hasty_2;
        hasty_2 -> plain_4;
        quick_1 -> plain_4;
        again_3 -> plain_5;
        plain_4 -> plain_5;
        (plain_0, hasty_0, again_1) -> first -> plain_6;
        (plain_3, again_2) -> first -> plain_7;
        (plain_5, plain_6) -> settle -> outcome_0;
        (plain_7, outcome_0) -> join_k(1) -> list_0
    }
}

flow! {
    web_13(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> hasty_0, B -> hasty_1, C -> drop };
        hasty_0 -> quick_0;
        quick_0 -> plain_1;
        hasty_1 -> plain_1;
        plain_1 -> way_1 { A -> plain_2, B -> plain_3, C -> hasty_3 };
        plain_2 -> quick_1;
        plain_3 -> hasty_2;
        quick_1 -> plain_4;
        hasty_2 -> plain_4;
        hasty_3 -> plain_4;
        plain_4 -> hasty_4;
        plain_1 -> way_2 { A -> again_0, B -> drop, C -> plain_5 };
        plain_5 -> hasty_5;
        again_0 -> plain_6;
        hasty_5 -> plain_6;
        plain_4 -> way_3 { A -> plain_7, B -> hasty_7, C -> quick_2 };
        plain_7 -> hasty_6;
        hasty_7 -> plain_8;
        plain_8 -> plain_9;
        quick_2 -> plain_9;
        hasty_6 -> plain_10;
        plain_9 -> plain_10;
        (plain_0, plain_10) -> join_k(1) -> list_0;
        list_0 -> way_4 { A -> plain_11, B -> again_1, C -> quick_3 };
        again_1 -> again_2;
        quick_3 -> quick_4;
        plain_11 -> plain_12;
        again_2 -> plain_12;
        quick_4 -> plain_12;
        (hasty_4, plain_6) -> join_k(2) -> list_1;
        (plain_12, list_1) -> first -> plain_13
    }
}

flow! {
    web_14(Token) -> Token {
        plain_0;
        plain_0 -> way_0 { A -> hasty_0, B -> quick_0, C -> plain_1 };
        hasty_0 -> again_0;
        quick_0 -> again_1;
        plain_1 -> hasty_1;
        again_1 -> plain_2;
        hasty_1 -> plain_2;
        again_0 -> plain_3;
        plain_2 -> plain_3;
        plain_3 -> plain_4;
        (plain_0, plain_3) -> join -> pair_0;
        (plain_0, pair_0) -> join_k(1) -> list_0;
        list_0 -> quick_1;
        plain_0 -> plain_5;
        quick_1 -> way_1 { A -> plain_6, B -> drop, C -> hasty_2 };
        plain_6 -> plain_7;
        hasty_2 -> plain_7;
        plain_7 -> again_2;
        plain_0 -> hasty_3;
        plain_3 -> again_3;
        (plain_4, plain_5) -> settle -> outcome_0;
        (again_2, hasty_3) -> join -> pair_1;
        (again_3, outcome_0) -> join_k(2) -> list_1;
        (pair_1, list_1) -> join -> pair_2
    }
}

flow! {
    web_15(Token) -> Token {
        plain_0;
        plain_0 -> quick_0;
        plain_0 -> again_0;
        quick_0 -> plain_1;
        quick_0 -> quick_1;
        plain_0 -> again_1;
        quick_0 -> quick_2;
        quick_0 -> plain_2;
        (again_0, plain_1) -> join_k(2) -> list_0;
        (quick_1, again_1) -> join_k(1) -> list_1;
        (quick_2, plain_2) -> join -> pair_0;
        (list_0, list_1) -> join_k(1) -> list_2;
        (pair_0, list_2) -> settle -> outcome_0
    }
}

flow! {
    batched_0(Token) -> Token {
        plain_0 -> batch(1, "70ms") -> crowd_0 -> plain_1
    }
}

flow! {
    batched_1(Token) -> Token {
        plain_0 -> batch(2, "170ms") -> crowd_1 -> again_1
    }
}

flow! {
    batched_2(Token) -> Token {
        plain_0 -> batch(3, "170ms") -> crowd_0 -> plain_1
    }
}

flow! {
    batched_3(Token) -> Token {
        plain_0 -> batch(4, "270ms") -> crowd_1 -> again_1
    }
}

flow! {
    batched_4(Token) -> Token {
        plain_0 -> batch(1, "270ms") -> crowd_0 -> plain_1
    }
}

flow! {
    batched_5(Token) -> Token {
        plain_0 -> batch(2, "70ms") -> crowd_1 -> again_1
    }
}

/// Each flow, by its number.
pub(crate) const FLOWS: Flows = &[
    driven!(flow_0),
    driven!(flow_1),
    driven!(flow_2),
    driven!(flow_3),
    driven!(flow_4),
    driven!(flow_5),
    driven!(flow_6),
    driven!(flow_7),
    driven!(flow_8),
    driven!(flow_9),
    driven!(flow_10),
    driven!(flow_11),
    driven!(flow_12),
    driven!(flow_13),
    driven!(flow_14),
    driven!(flow_15),
    driven!(flow_16),
    driven!(flow_17),
    driven!(flow_18),
    driven!(flow_19),
    driven!(flow_20),
    driven!(flow_21),
    driven!(flow_22),
    driven!(flow_23),
    driven!(flow_24),
    driven!(flow_25),
    driven!(flow_26),
    driven!(flow_27),
    driven!(flow_28),
    driven!(flow_29),
    driven!(flow_30),
    driven!(flow_31),
    driven!(flow_32),
    driven!(flow_33),
    driven!(flow_34),
    driven!(flow_35),
    driven!(flow_36),
    driven!(flow_37),
    driven!(flow_38),
    driven!(flow_39),
];

/// Each line, by its number.
pub(crate) const LINES: Flows = &[
    driven!(line_0),
    driven!(line_1),
    driven!(line_2),
    driven!(line_3),
    driven!(line_4),
    driven!(line_5),
    driven!(line_6),
    driven!(line_7),
];

/// Each flow with a batch, by its number.
pub(crate) const BATCHES: Flows = &[
    driven!(batched_0),
    driven!(batched_1),
    driven!(batched_2),
    driven!(batched_3),
    driven!(batched_4),
    driven!(batched_5),
];

/// Each web, by its number.
pub(crate) const WEBS: Flows = &[
    driven!(web_0),
    driven!(web_1),
    driven!(web_2),
    driven!(web_3),
    driven!(web_4),
    driven!(web_5),
    driven!(web_6),
    driven!(web_7),
    driven!(web_8),
    driven!(web_9),
    driven!(web_10),
    driven!(web_11),
    driven!(web_12),
    driven!(web_13),
    driven!(web_14),
    driven!(web_15),
];
