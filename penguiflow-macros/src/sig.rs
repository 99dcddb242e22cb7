//! The model of a function that is to be a node: its message, what it borrows besides, what it gives back. Borrowed from
//! the parsed signature, so no span is lost. Refuses what no node can have, and knows nothing about attributes' arguments.

mod borrow;
pub(crate) mod item;
mod output;
mod param;
pub(crate) mod show;

use crate::diag::Diags;
use proc_macro2::{Ident, Span};
use syn::spanned::Spanned;
use syn::{FnArg, Signature, Type};

/// What the function is to become; a router may take its message by reference.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Kind {
    Node,
    Router,
    Controller,
}

pub(crate) struct Sig<'a> {
    pub(crate) name: &'a Ident,
    pub(crate) is_async: bool,
    pub(crate) input: Input<'a>,
    /// What stands behind the message, in the order of the parameters.
    pub(crate) extras: Vec<Extra<'a>>,
    pub(crate) output: Output<'a>,
}

/// The message: the type of the payload, and how the function takes it.
pub(crate) struct Input<'a> {
    pub(crate) payload: &'a Type,
    pub(crate) taken: Taken,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Taken {
    Value,
    /// `Message<T>`.
    Envelope,
    /// `&T`: routers only; the input goes on unharmed.
    Reference,
}

/// A parameter behind the message.
pub(crate) enum Extra<'a> {
    Ctx,
    State(&'a Type),
}

/// What comes back: the type as written, if one is, and whether it is a `Result` by its name.
pub(crate) struct Output<'a> {
    pub(crate) ty: Option<&'a Type>,
    pub(crate) is_result: bool,
    /// The `T` of a success that is a `Message<T>`.
    pub(crate) envelope: Option<&'a Type>,
    /// What is left without `Result` and `Message`, where the words show it.
    pub(crate) success: Option<&'a Type>,
}

impl<'a> Output<'a> {
    /// The `Out` of a controller's `Step<In, Out>`, where the words show it.
    pub(crate) fn done(&self) -> Option<&'a Type> {
        self.success.and_then(output::done)
    }
}

impl<'a> Sig<'a> {
    fn types(&self) -> impl Iterator<Item = &'a Type> {
        [self.input.payload].into_iter().chain(self.states()).chain(self.output.ty)
    }

    pub(crate) fn states(&self) -> impl Iterator<Item = &'a Type> {
        self.extras.iter().filter_map(|extra| match extra {
            Extra::State(ty) => Some(*ty),
            Extra::Ctx => None,
        })
    }
}

/// There is no model: the mistakes were reported. What of the user's function may stand beside them?
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Broken {
    /// rustc has nothing against it: its callers stay whole.
    Keep,
    /// rustc would say its own about the same word.
    Leave,
    /// It stands in an impl, where nothing else may stand beside it.
    Method,
}

/// Reads the signature. All its mistakes are reported.
pub(crate) fn read<'a>(sig: &'a Signature, kind: Kind, diags: &mut Diags) -> Result<Sig<'a>, Broken> {
    if sig.receiver().is_some() {
        param::read(sig, kind, diags);
        return Err(Broken::Method);
    }
    let plain = qualifiers(sig, diags) & generics(sig, diags);
    let params = param::read(sig, kind, diags);
    let output = output::read(sig, kind, diags);
    let ((input, extras), output) = match (params, output) {
        (Some(params), Ok(output)) if plain => (params, output),
        (_, Err(Broken::Leave)) => return Err(Broken::Leave),
        _ if param::is_left_to_rustc(sig) => return Err(Broken::Leave),
        _ => return Err(Broken::Keep),
    };
    let read = Sig { name: &sig.ident, is_async: sig.asyncness.is_some(), input, extras, output };
    let placeholder = read.types().find_map(borrow::first_placeholder);
    match placeholder {
        Some(at) => {
            diags.error(at, "an edge has one type, and it is not inferred: write the type in the place of `_`");
            Err(Broken::Leave)
        }
        None => Ok(read),
    }
}

fn qualifiers(sig: &Signature, diags: &mut Diags) -> bool {
    if let Some(word) = &sig.constness {
        diags.error_on(word, "a node runs in a flow, never at compile time: leave `const` out");
    }
    if let syn::Safety::Unsafe(word) = &sig.safety {
        diags.error_on(
            word,
            "a node cannot be `unsafe`, since a flow calls it: leave `unsafe` out, and write an `unsafe` block inside",
        );
    }
    if let Some(abi) = &sig.abi {
        diags.error_on(&abi.extern_token, "a node is called from Rust alone: leave `extern` out");
    }
    sig.constness.is_none() && !matches!(sig.safety, syn::Safety::Unsafe(_)) && sig.abi.is_none()
}

/// Generics are one mistake, be they parameters, bounds or both.
fn generics(sig: &Signature, diags: &mut Diags) -> bool {
    let params = &sig.generics.params;
    let lifetimes_only = params.iter().all(|param| matches!(param, syn::GenericParam::Lifetime(_)));
    if let Some(first) = params.first() {
        let text = if lifetimes_only {
            "a node has no lifetimes of its own, since its message outlives every call: own the data, and write `'_` \
             in `State<'_, T>`"
        } else {
            "a node has no generics, since an edge has one type: write the types out, and one node for each"
        };
        diags.error(first.span(), text);
    } else if let Some(bounds) = &sig.generics.where_clause {
        diags.error(bounds.where_token.span(), "a node has no bounds, since its types are known: leave `where` out");
    }
    params.is_empty() && sig.generics.where_clause.is_none()
}

/// Whether the type is an `Arc`, by its last word.
pub(crate) fn is_arc(ty: &Type) -> bool {
    last_segment(ty).is_some_and(|last| last.ident == "Arc")
}

/// Whether the words show that the type is no `Result` and no alias of one.
pub(crate) fn is_no_result(ty: &Type) -> bool {
    const KNOWN: [&str; 8] = ["bool", "char", "String", "Option", "Vec", "Box", "Message", "Step"];
    match peel(ty) {
        Type::Path(_) => last_segment(ty).is_some_and(|last| {
            let word = last.ident.to_string();
            KNOWN.contains(&word.as_str()) || word.trim_start_matches(['u', 'i', 'f']).parse::<u8>().is_ok()
        }),
        Type::Macro(_) => false,
        _ => true,
    }
}

/// The last word of a type's path, and its generic arguments: `Docs` of `crate::model::Docs`.
fn last_segment(ty: &Type) -> Option<&syn::PathSegment> {
    match peel(ty) {
        Type::Path(path) if path.qself.is_none() => path.path.segments.last(),
        _ => None,
    }
}

/// Takes off the invisible and the visible parentheses, which a `macro_rules!` or a person may have put round a type.
fn peel(ty: &Type) -> &Type {
    match ty {
        Type::Group(group) => peel(&group.elem),
        Type::Paren(paren) => peel(&paren.elem),
        _ => ty,
    }
}

/// The first generic argument that is a type.
fn type_argument(segment: &syn::PathSegment) -> Option<&Type> {
    let syn::PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    arguments.args.iter().find_map(|argument| match argument {
        syn::GenericArgument::Type(ty) => Some(ty),
        _ => None,
    })
}

/// Where a caret on a whole parameter begins.
fn span_of(arg: &FnArg) -> Span {
    match arg {
        FnArg::Receiver(receiver) => receiver.span(),
        FnArg::Typed(typed) => typed.pat.span(),
    }
}
