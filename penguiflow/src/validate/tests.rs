//! Every breach is told, with the path to it.

use std::sync::Arc;

use super::{Validate, Violations};

struct Question(&'static str);

impl Validate for Question {
    fn validate(&self) -> Result<(), Violations> {
        let mut found = Violations::new();
        if self.0.is_empty() {
            found.push("text", "is empty");
        }
        if !self.0.ends_with('?') {
            found.push("", "asks nothing");
        }
        found.into_result()
    }
}

fn told(value: &(impl Validate + ?Sized)) -> String {
    value.validate().map_or_else(|found| found.to_string(), |()| "valid".to_owned())
}

#[test]
fn all_broken_rules_are_told_in_order() {
    assert_eq!(told(&Question("why?")), "valid");
    assert_eq!(told(&Question("")), "text: is empty; asks nothing");
    assert_eq!(Question("").validate().expect_err("empty").len(), 2);
}

#[test]
fn containers_tell_which_part_breaks_a_rule() {
    let list = vec![Question("why?"), Question(""), Question("so")];
    assert_eq!(told(&list), "[1].text: is empty; [1]: asks nothing; [2]: asks nothing");
    assert_eq!(told(&vec![vec![Question("so")]]), "[0][0]: asks nothing");
    assert_eq!(told(&(Question("why?"), Some(Question("")))), "[1].text: is empty; [1]: asks nothing");
    assert_eq!(told(&None::<Question>), "valid");
    assert_eq!(told(&Vec::<Question>::new()), "valid");
    assert_eq!(told(&Box::new(Arc::new(Question("so")))), "asks nothing");
}

#[test]
fn a_trait_object_validates() {
    let boxed: Box<dyn Validate> = Box::new(Question("so"));
    assert_eq!(told(&boxed), "asks nothing");
}

#[test]
fn paths_of_parts_are_joined_as_they_are_written() {
    let mut found = Violations::new();
    found.absorb("", Err(Violations::new().with("text", "a")));
    found.absorb("items", Err(Violations::new().with("[3].text", "b")));
    found.absorb("items", Err(Violations::new().with("", "c")));
    found.absorb("outer", Err(Violations::new().with("inner", "d")));
    found.absorb("fine", Ok(()));
    let paths: Vec<_> = found.iter().map(|violation| violation.path.as_str()).collect();
    assert_eq!(paths, ["text", "items[3].text", "items", "outer.inner"]);
}

#[test]
fn violations_are_a_list_in_json() {
    let found = Violations::new().with("text", "is empty");
    let json = serde_json::to_string(&found).expect("serialises");
    assert_eq!(json, r#"[{"path":"text","message":"is empty"}]"#);
    assert_eq!(serde_json::from_str::<Violations>(&json).ok(), Some(found));
}

#[cfg(feature = "garde")]
#[test]
fn garde_s_report_keeps_its_paths() {
    use ::garde::{Error, Path, Report};

    let mut report = Report::new();
    report.append(Path::new("items").join(3usize).join("text"), Error::new("is empty"));
    report.append(Path::empty(), Error::new("is out of date"));
    assert_eq!(Violations::from(report).to_string(), "items[3].text: is empty; is out of date");
}

#[cfg(feature = "garde")]
#[test]
fn a_type_of_rules_by_attributes_is_checked_whole() {
    #[derive(::garde::Validate)]
    struct Form {
        #[garde(length(min = 1))]
        text: &'static str,
        #[garde(range(max = 10))]
        hops: u32,
    }
    assert_eq!(super::by_garde(&Form { text: "why?", hops: 3 }), Ok(()));
    let found = super::by_garde(&Form { text: "", hops: 11 }).expect_err("both rules are broken");
    assert_eq!(found.to_string(), "hops: greater than 10; text: length is lower than 1");
}
