//! Reads the parameters: the message first, then `&Ctx` and `State<'_, T>` in any order.

use super::{Extra, Input, Kind, Taken, borrow, last_segment, peel, show, span_of, type_argument};
use crate::diag::Diags;
use syn::spanned::Spanned;
use syn::{FnArg, Pat, PatType, Signature, Type};

/// The model of all parameters, or nothing where one of them was refused.
pub(super) fn read<'a>(sig: &'a Signature, kind: Kind, diags: &mut Diags) -> Option<(Input<'a>, Vec<Extra<'a>>)> {
    if let Some(dots) = &sig.variadic {
        diags.error_on(&dots.dots, "a node takes one message: write it as a type, and leave `...` out");
        return None;
    }
    if let Some(FnArg::Receiver(receiver)) = sig.inputs.first() {
        let text = "a node is a function of its own and has no `self`: move it out of the impl, and take what it \
                    shares as `State(shared): State<'_, T>`";
        diags.error_on(receiver, text);
        return None;
    }
    let params: Vec<&PatType> = sig.inputs.iter().filter_map(typed).collect();
    params.iter().for_each(|param| no_attributes(param, diags));
    let Some(at) = params.iter().position(|param| extra_of(param).is_none()) else {
        no_message(sig, &params, diags);
        return None;
    };
    if at > 0 {
        let text = format!("a node's message comes first: move `{}` behind it", show::tokens(params[0]));
        diags.error(span_of(&sig.inputs[0]), text);
    }
    let input = message(params[at], kind, diags);
    let others = params.iter().enumerate().filter(|(index, _)| *index != at).map(|(_, param)| *param);
    let extras = extras(others, params[at], diags);
    Some((input?, extras?))
}

/// Whether rustc refuses a parameter as well: one without a size, or one that only a C function has.
pub(super) fn is_left_to_rustc(sig: &Signature) -> bool {
    let unsized_ = |ty: &Type| !matches!(ty, Type::Reference(_)) && owned(ty) != show::tokens(ty);
    sig.variadic.is_some() || sig.inputs.iter().filter_map(typed).any(|param| unsized_(peel(&param.ty)))
}

fn typed(arg: &FnArg) -> Option<&PatType> {
    match arg {
        FnArg::Typed(typed) => Some(typed),
        FnArg::Receiver(_) => None,
    }
}

fn no_attributes(param: &PatType, diags: &mut Diags) {
    if let Some(attribute) = param.attrs.iter().find(|attribute| attribute.path().is_ident("cfg")) {
        diags.error_on(
            attribute,
            "a parameter of a node has no `cfg`, since the flow passes it: put the `cfg` on the function",
        );
    }
}

fn no_message(sig: &Signature, params: &[&PatType], diags: &mut Diags) {
    let name = &sig.ident;
    let rest: String = params.iter().map(|param| format!(", {}", show::tokens(*param))).collect();
    let text = format!(
        "`{name}` takes no message: write `fn {name}(input: In{rest})`, where `In` is what arrives; \
         `_: ()` takes nothing at all"
    );
    diags.error_on(name, text);
}

// === the message ===

fn message<'a>(param: &'a PatType, kind: Kind, diags: &mut Diags) -> Option<Input<'a>> {
    let ty = peel(&param.ty);
    if let Some(at) = borrow::first_impl(ty) {
        diags.error(at, "`impl Trait` is no message, since an edge has one type: write the type out");
        return None;
    }
    if let Type::Reference(reference) = ty
        && reference.lifetime.as_ref().is_none_or(|lifetime| lifetime.ident != "static")
    {
        return by_reference(reference, kind, diags);
    }
    if owned(ty) != show::tokens(ty) {
        diags.error_on(ty, format!("a message has a size: write `{}`", owned(ty)));
        return None;
    }
    if let Some(at) = borrow::first_borrow(ty) {
        let text = "a message owns its data, since it outlives the caller: write `String` for `&str`, `Vec<T>` for \
                    `&[T]`, `T` for `&T`, `Cow<'static, T>` for `Cow<'_, T>`";
        diags.error(at, text);
        return None;
    }
    match last_segment(ty).filter(|segment| segment.ident == "Message").and_then(type_argument) {
        Some(payload) => Some(Input { payload, taken: Taken::Envelope }),
        None => Some(Input { payload: ty, taken: Taken::Value }),
    }
}

fn by_reference<'a>(reference: &'a syn::TypeReference, kind: Kind, diags: &mut Diags) -> Option<Input<'a>> {
    let inner = peel(&reference.elem);
    let owned = owned(inner);
    if reference.mutability.is_some() {
        let text = format!("a node takes its message by value: write `mut` before its name, and `{owned}` as its type");
        diags.error_on(reference, text);
        return None;
    }
    let is_sized = owned == show::tokens(inner);
    match kind {
        Kind::Router if is_sized && borrow::first_borrow(inner).is_none() => {
            Some(Input { payload: inner, taken: Taken::Reference })
        }
        Kind::Router => {
            diags.error_on(reference, format!("a router borrows what arrives, and that is owned: write `&{owned}`"));
            None
        }
        Kind::Node | Kind::Controller => {
            diags.error_on(reference, format!("a node takes its message by value: write `{owned}`"));
            None
        }
    }
}

/// The type that owns what a reference to `ty` borrows.
pub(super) fn owned(ty: &Type) -> String {
    match ty {
        Type::Path(path) if path.path.is_ident("str") => "String".to_owned(),
        Type::Path(path) if path.path.segments.last().is_some_and(|last| last.ident == "Path") => "PathBuf".to_owned(),
        Type::Slice(slice) => format!("Vec<{}>", show::tokens(&slice.elem)),
        Type::TraitObject(object) => format!("Box<{}>", show::tokens(object)),
        _ => show::tokens(ty),
    }
}

// === what stands behind the message ===

/// A parameter that is meant to be `&Ctx` or `State<'_, T>`, right or wrong.
enum Meant<'a> {
    Ctx,
    State(&'a syn::PathSegment),
}

fn extra_of(param: &PatType) -> Option<Meant<'_>> {
    let ty = peel(&param.ty);
    let behind = if let Type::Reference(reference) = ty { peel(&reference.elem) } else { ty };
    let last = last_segment(behind)?;
    if last.ident == "Ctx" {
        return Some(Meant::Ctx);
    }
    // A payload type of that name is possible; the pattern or the lifetime shows that ours is meant.
    let destructured = matches!(&*param.pat, Pat::TupleStruct(pat) if pat.path.segments.last().is_some_and(|last| last.ident == "State"));
    let with_lifetime = matches!(&last.arguments, syn::PathArguments::AngleBracketed(arguments)
        if matches!(arguments.args.first(), Some(syn::GenericArgument::Lifetime(_))));
    (last.ident == "State" && (destructured || with_lifetime)).then_some(Meant::State(last))
}

fn extras<'a>(
    params: impl Iterator<Item = &'a PatType>,
    message: &PatType,
    diags: &mut Diags,
) -> Option<Vec<Extra<'a>>> {
    let mut extras = Vec::new();
    let mut told = false;
    let mut has_ctx = false;
    for param in params {
        let extra = match extra_of(param) {
            Some(Meant::Ctx) if has_ctx => {
                Err((param.span(), "`&Ctx` stands here a second time: leave one out".to_owned()))
            }
            Some(Meant::Ctx) => {
                has_ctx = true;
                ctx(&param.ty)
            }
            Some(Meant::State(segment)) => state(&param.ty, segment),
            None => match last_segment(&param.ty).filter(|last| last.ident == "State") {
                Some(segment) => state(&param.ty, segment),
                None => Err((param.ty.span(), second_message(param, message))),
            },
        };
        match extra {
            Ok(extra) => extras.push(extra),
            Err((at, text)) => {
                told = true;
                diags.error(at, text);
            }
        }
    }
    (!told).then_some(extras)
}

fn ctx<'a>(ty: &Type) -> Result<Extra<'a>, (proc_macro2::Span, String)> {
    match peel(ty) {
        Type::Reference(reference) if reference.mutability.is_none() && reference.lifetime.is_none() => Ok(Extra::Ctx),
        Type::Reference(reference) if reference.mutability.is_some() => {
            Err((ty.span(), "the context is shared by all that runs in the trace: write `&Ctx`".to_owned()))
        }
        _ => Err((ty.span(), "the context is borrowed for the call: write `&Ctx`, and clone it to keep it".to_owned())),
    }
}

fn state<'a>(ty: &Type, segment: &'a syn::PathSegment) -> Result<Extra<'a>, (proc_macro2::Span, String)> {
    let Some(inner) = type_argument(segment) else {
        return Err((ty.span(), "say which part of the state: write `State<'_, T>`".to_owned()));
    };
    let write = format!("write `State<'_, {}>`", show::tokens(inner));
    if let Type::Reference(_) = peel(ty) {
        return Err((ty.span(), format!("`State` borrows by itself: {write}")));
    }
    if let Type::Reference(_) = peel(inner) {
        let write = format!("write `State<'_, {}>`", owned(peel(&inner_of(inner))));
        return Err((inner.span(), format!("`State` borrows by itself: {write}")));
    }
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return Ok(Extra::State(inner)) };
    match arguments.args.first() {
        Some(syn::GenericArgument::Lifetime(lifetime)) if lifetime.ident == "static" => {
            Err((lifetime.span(), format!("the state is borrowed for the call only: {write}")))
        }
        Some(syn::GenericArgument::Lifetime(_)) => Ok(Extra::State(inner)),
        _ => Err((ty.span(), format!("`State` borrows from the flow's state: {write}"))),
    }
}

fn inner_of(ty: &Type) -> Type {
    match peel(ty) {
        Type::Reference(reference) => (*reference.elem).clone(),
        other => other.clone(),
    }
}

fn second_message(param: &PatType, message: &PatType) -> String {
    let ty = peel(&param.ty);
    if let Type::Reference(reference) = ty {
        let inner = show::tokens(&reference.elem);
        return format!("a node borrows from the flow's state alone: write `State<'_, {inner}>`");
    }
    let first = match peel(&message.ty) {
        Type::Reference(reference) => owned(peel(&reference.elem)),
        first => show::tokens(first),
    };
    let second = show::tokens(ty);
    format!(
        "a node takes one message, then `&Ctx` and `State<'_, T>`: write `State<'_, {second}>` if it is shared, or \
         `({first}, {second})` as the message"
    )
}
