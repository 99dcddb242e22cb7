//! Reads what comes back. Recognises `Result`, `Message` and `Step` by their last word; types are rustc's.

use super::{Broken, Kind, Output, borrow, last_segment, peel, type_argument};
use crate::diag::Diags;
use syn::spanned::Spanned;
use syn::{ReturnType, Signature, Type};

const IMPL: &str = "`impl Trait` is no message, since an edge has one type: write the type out, or box it, like \
                    `Box<dyn Trait + Send>`";

pub(super) fn read<'a>(sig: &'a Signature, kind: Kind, diags: &mut Diags) -> Result<Output<'a>, Broken> {
    let name = &sig.ident;
    let ReturnType::Type(_, ty) = &sig.output else {
        let text = match kind {
            Kind::Node => return Ok(Output { ty: None, is_result: false, envelope: None, success: None }),
            Kind::Router => {
                format!("`{name}` gives nothing to route on: write `-> Verdict`, the enum whose variants are the arms")
            }
            Kind::Controller => format!("`{name}` never says whether to go on: write `-> Step<Again, Done>`"),
        };
        diags.error_on(name, text);
        return Err(Broken::Keep);
    };
    let ty = peel(ty);
    if let Some(at) = borrow::first_impl(ty) {
        diags.error(at, IMPL);
        return Err(Broken::Keep);
    }
    if let Some((at, text)) = refused(ty) {
        diags.error(at, text);
        return Err(Broken::Leave);
    }
    let last = last_segment(ty);
    let is_result = last.is_some_and(|last| last.ident == "Result");
    let success = if is_result { last.and_then(type_argument).map(peel) } else { Some(ty) };
    let envelope = success.and_then(last_segment).filter(|last| last.ident == "Message").and_then(type_argument);
    Ok(Output { ty: Some(ty), is_result, envelope, success: envelope.or(success) })
}

/// The `Out` of `Step<In, Out>`.
pub(super) fn done(ty: &Type) -> Option<&Type> {
    let step = last_segment(ty).filter(|last| last.ident == "Step")?;
    let syn::PathArguments::AngleBracketed(arguments) = &step.arguments else { return None };
    match (arguments.args.len(), arguments.args.last()) {
        (2, Some(syn::GenericArgument::Type(done))) => Some(done),
        _ => None,
    }
}

/// What rustc refuses, too, as long as there is nothing to borrow from.
fn refused(ty: &Type) -> Option<(proc_macro2::Span, String)> {
    match ty {
        Type::Never(_) => Some((ty.span(), "a node gives a message on: write its type, or `Result<(), E>`".to_owned())),
        Type::Reference(reference) => {
            let is_static = reference.lifetime.as_ref().is_some_and(|lifetime| lifetime.ident == "static");
            (!is_static).then(|| {
                (
                    ty.span(),
                    format!("a node gives its message away: write `{}`", super::param::owned(peel(&reference.elem))),
                )
            })
        }
        _ => borrow::first_borrow(ty).map(|at| {
            let text = "a message owns its data, since it outlives the node: write `String` for `&str`, `Vec<T>` for \
                        `&[T]`, `T` for `&T`";
            (at, text.to_owned())
        }),
    }
}
