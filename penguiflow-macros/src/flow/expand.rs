//! Prints a graph as the code that runs it: an item, or a block that is an expression. Decides nothing about the graph.

mod body;
mod code;
mod effects;
mod fork;
mod hop;
mod info;
mod instances;
mod limits;
mod names;
mod policies;
mod repeat;
mod route;
mod shape;
mod tee;
mod topology;
mod types;
pub(crate) mod variants;
mod weave;

use crate::crate_path::CratePath;
use crate::diag::Diags;
use crate::fallback;
use crate::flow::graph::Graph;
use crate::flow::syntax::{Form, Header, Owner};
use names::Names;
use proc_macro2::{Ident, Span, TokenStream};
use quote::{format_ident, quote_spanned};

/// The code of `graph`, with the mistakes in `diags` told inside it, so that an expression stays one expression.
pub(crate) fn expand(graph: &Graph, krate: &CratePath, diags: &mut Diags) -> TokenStream {
    let names = Names::of(graph, krate);
    match &graph.form {
        Form::Item(header) => item(&Parts::of_item(graph, header, krate, names), header, diags),
        Form::Headless(owner) => headless(owner.as_ref(), &names, diags),
        Form::Expression => expression(&Parts::of_expression(graph, krate, names), diags),
    }
}

/// What is left of a named flow whose head cannot be read: its mistakes, what stands in for it, and the names for an editor.
fn headless(owner: Option<&Owner>, names: &Names, diags: &mut Diags) -> TokenStream {
    let stand_in = owner.map(|owner| fallback::stand_in(owner.cfgs(), &owner.vis, &owner.name, diags));
    let (aliases, mistakes) = (names.aliases(), std::mem::take(diags).into_tokens());
    quote_spanned! {at(Span::call_site())=>
        #mistakes
        #stand_in
        #[allow(dead_code)]
        const _: () = {
            #aliases
        };
    }
}

/// The place that a token of ours takes, so that a caret stands on the user's token.
fn at(user: Span) -> Span {
    Span::mixed_site().located_at(user)
}

/// What all parts of one expansion share.
struct Parts<'g> {
    graph: &'g Graph,
    krate: &'g CratePath,
    names: Names,
    /// The flow's type.
    owner: Ident,
    title: String,
    /// What stands for the input's and the output's type.
    types: types::Ends,
    /// Where a mistake about the flow as a whole is shown.
    at: Span,
}

impl<'g> Parts<'g> {
    fn of_item(graph: &'g Graph, header: &Header, krate: &'g CratePath, names: Names) -> Self {
        let owner = header.owner.name.clone();
        let (at, title) = (at(owner.span()), owner.to_string().trim_start_matches("r#").to_owned());
        Parts { graph, krate, names, owner, title, types: types::of_header(header, krate), at }
    }

    fn of_expression(graph: &'g Graph, krate: &'g CratePath, names: Names) -> Self {
        let at = at(Span::call_site());
        let owner = format_ident!("__Flow", span = at);
        let types = types::of_body(graph, krate);
        Parts { graph, krate, names, owner, title: "flow".to_owned(), types, at }
    }

    /// The runtime's private door, at `span`.
    fn private(&self, span: Span) -> TokenStream {
        self.krate.private(span)
    }

    /// The types, the definition of the flow, and its body.
    ///
    /// What is proved of the flow is not asked behind a mistake: nobody knows then what is missing.
    fn definition(&self, is_sound: bool) -> TokenStream {
        let (instances, types) = (self.names.instances(), &self.types.aliases);
        let (def, body) = (self.def(), self.body());
        let (effects, policies) = (effects::checks(self), instances::checks(self));
        let proof = is_sound.then(|| limits::proof(self));
        quote_spanned! {self.at=>
            #types
            #instances
            #def
            #effects
            #policies
            #proof
            #body
        }
    }

    fn def(&self) -> TokenStream {
        let (p, owner, title, lists) = (self.private(self.at), &self.owner, &self.title, self.names.lists());
        let (irreversible, limits, info) = (self.names.irreversible(), limits::consts(self), info::info(self));
        // rustc tells of flows that contain each other by the name of this constant: it is all that we can say there.
        quote_spanned! {self.at=>
            const FLOWS_THAT_CONTAIN_EACH_OTHER_NEVER_END_CALL_ONE_FROM_A_NODE_BY_CTX_CALL: bool = #irreversible;

            #[automatically_derived]
            impl #p::NodeDef for #owner {
                type In = __In;
                type Out = __Out;
                type Yield = __Out;
                type Arms<__A> = __A;
                type Keep = #p::Once;
                const NAME: &'static str = #title;
                const POLICY: #p::Policy = #p::Policy::new();
                const IRREVERSIBLE: bool = FLOWS_THAT_CONTAIN_EACH_OTHER_NEVER_END_CALL_ONE_FROM_A_NODE_BY_CTX_CALL;
                const IS_FLOW: bool = true;
                const FLOW: ::core::option::Option<&'static #p::FlowInfo> =
                    ::core::option::Option::Some(<#owner as #p::FlowDef>::INFO);

                fn list(listing: &mut #p::Listing) {
                    #lists
                }
            }
            #[automatically_derived]
            impl #p::FlowDef for #owner {
                type Input = __In;
                type Output = __Out;
                const INPUT_CODEC: ::core::option::Option<#p::Codec> = {
                    #[allow(unused_imports)]
                    use #p::NoCodec as _;
                    #p::CodecOf::<__In>::CODEC
                };
                #info
                #limits
            }
        }
    }

    fn body(&self) -> TokenStream {
        let (p, owner, needs) = (self.private(self.at), &self.owner, self.names.needs());
        let code = body::of_flow(self);
        quote_spanned! {self.at=>
            #[automatically_derived]
            impl<__S: ::core::marker::Send + ::core::marker::Sync + 'static> #p::FlowBody<__S> for #owner
            where
                #needs
            {
                fn body<'a>(
                    cx: &'a #p::Cx<'a, __S>,
                    m: #p::M<__In>,
                ) -> impl ::core::future::Future<Output = #p::Ran<__Out>> + ::core::marker::Send + 'a
                where
                    __S: 'a,
                {
                    #code
                }
            }
        }
    }

    /// What lets another flow name this one as a node.
    fn node(&self) -> TokenStream {
        let (p, owner) = (self.private(self.at), &self.owner);
        quote_spanned! {self.at=>
            #[automatically_derived]
            impl<__S: ::core::marker::Send + ::core::marker::Sync + 'static> #p::Node<__S> for #owner
            where
                #owner: #p::FlowBody<__S>,
            {
                fn run_as<'a, __I>(
                    cx: &'a #p::Cx<'a, __S>,
                    place: u32,
                    m: #p::M<__In>,
                ) -> impl ::core::future::Future<Output = #p::Ran<__Out>> + ::core::marker::Send + 'a
                where
                    __I: #p::NodeDef<In = __In, Out = __Out, Yield = __Out>,
                    __S: 'a,
                {
                    #p::sub_flow::<#owner, __I, __S>(cx, place, m)
                }
            }
        }
    }
}

fn item(parts: &Parts<'_>, header: &Header, diags: &mut Diags) -> TokenStream {
    let (vis, owner, p) = (&header.owner.vis, &parts.owner, parts.private(parts.at));
    let attrs = header.owner.attrs.iter().map(|attr| &attr.tokens);
    let cfgs: Vec<_> = header.owner.cfgs().collect();
    let (aliases, definition) = (parts.names.aliases(), parts.definition(diags.is_empty()));
    let (node, listed) = (parts.node(), info::listed(parts));
    let mistakes = std::mem::take(diags).into_tokens();
    let (input, output) = (&header.input, &header.output);
    // The header's types are the defaults of parameters, so that the impls name them: a flow may then be more visible than
    // its messages, as a function may.
    quote_spanned! {parts.at=>
        #(#attrs)*
        #[allow(non_camel_case_types, dead_code, private_interfaces)]
        #vis struct #owner<__In = #input, __Out = #output> {
            types: ::core::marker::PhantomData<fn(__In) -> __Out>,
        }

        #(#cfgs)*
        impl #owner {
            /// The flow, to be given a state and started.
            #[allow(dead_code, private_interfaces)]
            #vis fn flow() -> #p::FlowBuilder<#owner> {
                #p::FlowBuilder::new()
            }
        }

        #(#cfgs)*
        #[allow(dead_code, unused_imports, unused_variables, unreachable_code, non_camel_case_types, clippy::all, clippy::pedantic)]
        const _: () = {
            #mistakes
            #aliases
            #definition
            #node
            #listed
        };
    }
}

fn expression(parts: &Parts<'_>, diags: &mut Diags) -> TokenStream {
    let (owner, p) = (&parts.owner, parts.private(parts.at));
    let (aliases, definition) = (parts.names.aliases(), parts.definition(diags.is_empty()));
    let mistakes = std::mem::take(diags).into_tokens();
    // The names stand outside the constant: of a local variable rustc then says that nothing can be captured.
    quote_spanned! {parts.at=>
        {
            #mistakes
            #aliases
            #[allow(dead_code)]
            struct #owner {}

            #[allow(dead_code, unused_imports, unused_variables, unreachable_code, non_camel_case_types, clippy::all, clippy::pedantic)]
            const _: () = {
                #definition
            };
            #p::FlowBuilder::<#owner>::new()
        }
    }
}
