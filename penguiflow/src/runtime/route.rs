//! Turns a router's enum into the arms of its flow. The enum's mirror is written by `#[message]`.

pub(crate) mod by_map;
mod plain;
pub(crate) mod policed;
pub(crate) mod routes;

use crate::graph::edge::unreachable;
use crate::graph::value::M;
use crate::graph::variants::Variants;
use crate::message::Meta;

/// An enum that a router may return. Written by `#[message]`.
#[diagnostic::on_unimplemented(
    message = "a router returns an enum with `#[message]`, but `{Self}` is none",
    label = "no enum with `#[message]`",
    note = "put `#[message]` on the enum; each variant is a unit or has unnamed fields"
)]
pub trait Routed: Sized {
    /// One variant each, with what its arm receives; `In` is what the router took.
    type Arms<In>;
    /// What must be kept of the router's input: nothing, or a clone for the unit variants.
    type Passes: Passes;
    /// The names of the enum and its variants.
    const VARIANTS: Option<Variants> = None;

    /// Chooses the arm.
    fn arms<In>(self, input: <Self::Passes as Passes>::Kept<In>, meta: Meta) -> Self::Arms<In>;
}

/// An enum of which each variant can be an arm. Apart from [`Routed`], so that an enum that cannot be routed on still has
/// arms to mention: the flows of its router then stay silent, and the one error stands at the router.
#[diagnostic::on_unimplemented(
    message = "a router returns an enum with `#[message]`, but `{Self}` is none",
    label = "no enum with `#[message]`",
    note = "put `#[message]` on the enum, whose variants are units or have unnamed fields; `Option` and `bool` route as well"
)]
pub trait Routable {}

/// Asks whether a router may return `V`.
pub const fn routes<V: Routable>() {}

/// How a router chooses, by whether what it returns has arms. One without arms was told so, and never runs.
#[derive(Debug)]
pub struct Choice<const HAS_ARMS: bool>;

/// The arms of a router that takes `In` and returns `V`: those of the enum, or `A`, the arms as the flow writes them.
pub trait ArmsOf<V, In, A> {
    /// The arms.
    type Arms;
    /// Their names, where they are known.
    const VARIANTS: Option<Variants>;
}

impl<V: Routed, In, A> ArmsOf<V, In, A> for Choice<true> {
    type Arms = V::Arms<In>;
    const VARIANTS: Option<Variants> = V::VARIANTS;
}

impl<V, In, A> ArmsOf<V, In, A> for Choice<false> {
    type Arms = A;
    const VARIANTS: Option<Variants> = None;
}

/// Chooses the arm for a router that takes its input by value.
pub trait Choose<V, In, A>: ArmsOf<V, In, A> {
    /// What is kept of the input.
    type Kept;

    /// Keeps what the arms will need of the input.
    fn keep(m: &M<In>) -> Self::Kept;

    /// Chooses the arm.
    fn choose(m: M<V>, kept: Self::Kept) -> Self::Arms;
}

impl<V: Routed, In: KeptFor<V::Passes>, A> Choose<V, In, A> for Choice<true> {
    type Kept = <V::Passes as Passes>::Kept<In>;

    fn keep(m: &M<In>) -> Self::Kept {
        m.value.kept()
    }

    fn choose(m: M<V>, kept: Self::Kept) -> V::Arms<In> {
        m.value.arms(kept, m.meta)
    }
}

impl<V, In, A> Choose<V, In, A> for Choice<false> {
    type Kept = ();

    fn keep(_: &M<In>) {}

    fn choose(_: M<V>, (): ()) -> A {
        unreachable()
    }
}

/// Chooses the arm for a router that takes its input by reference, and so still has it.
pub trait ChooseByRef<V, In, A>: ArmsOf<V, In, A> {
    /// Chooses the arm.
    fn choose(m: M<(V, In)>) -> Self::Arms;
}

impl<V, In, A> ChooseByRef<V, In, A> for Choice<true>
where
    V: Routed<Passes: Gives<In>>,
{
    fn choose(M { value: (value, input), meta }: M<(V, In)>) -> V::Arms<In> {
        value.arms(V::Passes::given(input), meta)
    }
}

impl<V, In, A> ChooseByRef<V, In, A> for Choice<false> {
    fn choose(_: M<(V, In)>) -> A {
        unreachable()
    }
}

/// What must be kept of a router's input.
pub trait Passes {
    /// What is kept.
    type Kept<In>;
}

/// No variant passes the input on.
#[derive(Debug)]
pub struct PassesNothing;

impl Passes for PassesNothing {
    type Kept<In> = ();
}

/// Unit variants pass the input on.
#[derive(Debug)]
pub struct PassesInput;

impl Passes for PassesInput {
    type Kept<In> = In;
}

/// The router check: an input that unit variants pass on is kept as a clone.
#[diagnostic::on_unimplemented(
    message = "a unit variant passes the router's input on, but `{Self}` is not `Clone`",
    label = "`{Self}` is not `Clone`",
    note = "take `&{Self}` in the router, put `#[message]` or `#[derive(Clone)]` on `{Self}`, or give the variant a field"
)]
pub trait KeptFor<P: Passes>: Sized {
    /// Keeps what the arms need.
    fn kept(&self) -> P::Kept<Self>;
}

impl<In> KeptFor<PassesNothing> for In {
    fn kept(&self) {}
}

#[diagnostic::do_not_recommend]
impl<In: Clone> KeptFor<PassesInput> for In {
    fn kept(&self) -> In {
        self.clone()
    }
}

/// What is kept when a router took its input by reference, and so still has it.
pub trait Gives<In>: Passes {
    /// Keeps what the arms need.
    fn given(input: In) -> Self::Kept<In>;
}

impl<In> Gives<In> for PassesNothing {
    fn given(_: In) {}
}

impl<In> Gives<In> for PassesInput {
    fn given(input: In) -> In {
        input
    }
}

impl<V, In> M<(V, In)> {
    /// The enum of a router that took its input by reference.
    pub fn without_input(self) -> M<V> {
        M { value: self.value.0, meta: self.meta }
    }
}

/// The payload of an arm.
pub fn arm<T>(value: T, meta: Meta) -> M<T> {
    M { value, meta }
}
