//! What is made a trap in the module of explanations, once it is linked.

use std::collections::HashSet;

use anyhow::ensure;
use walrus::ir::{self, Instr, InstrSeq, Visitor, VisitorMut};
use walrus::{FunctionBuilder, FunctionId, FunctionKind};

/// Makes a panic a trap and no more. In the other module its own handler does that; here a library links std,
/// whose handler would put a message together that a module has nowhere to write. What nothing calls is made
/// one too.
pub(super) fn on_panic(module: &mut walrus::Module) -> anyhow::Result<()> {
    let parts = || PANICS.iter().chain(FORMATTING).chain(UNCALLED);
    let is_trap = |name: &str| parts().any(|part| name.contains(part));
    let named = module.funcs.iter().filter(|each| each.name.as_deref().is_some_and(is_trap));
    let traps: Vec<_> = named.map(|each| (each.id(), each.ty())).collect();
    ensure!(!traps.is_empty(), "no function is known as one that panics");
    check_wordless(module)?;
    let mut in_place = TrapInPlace(traps.iter().map(|(function, _)| *function).collect());
    for (_, function) in module.funcs.iter_local_mut() {
        let entry = function.entry_block();
        ir::dfs_pre_order_mut(&mut in_place, function, entry);
    }
    for (function, kind) in traps {
        let (arguments, results) = module.types.params_results(kind);
        let (arguments, results) = (arguments.to_vec(), results.to_vec());
        let mut body = FunctionBuilder::new(&mut module.types, &arguments, &results);
        body.func_body().unreachable();
        let arguments = arguments.iter().map(|kind| module.locals.add(*kind)).collect();
        module.funcs.get_mut(function).kind = FunctionKind::Local(body.local_func(arguments));
    }
    walrus::passes::gc::run(module);
    Ok(())
}

/// Sees to it that only panics want the machinery of formatting: what the core has to say does without.
fn check_wordless(module: &walrus::Module) -> anyhow::Result<()> {
    let name = |function: FunctionId| module.funcs.get(function).name.as_deref().unwrap_or("");
    for (function, body) in module.funcs.iter_local() {
        let mut calls = Calls(Vec::new());
        ir::dfs_in_order(&mut calls, body, body.entry_block());
        let formats = |call: &FunctionId| FORMATTING.iter().any(|part| name(*call).contains(part));
        // The machinery itself may.
        let own = name(function).contains("hookproof") || !name(function).contains("fmt");
        ensure!(
            !(own && calls.0.iter().any(formats)),
            "{} formats a text, which would trap: put it together as src/explain/sentence.rs does",
            name(function)
        );
    }
    Ok(())
}

/// The functions that one calls.
struct Calls(Vec<FunctionId>);

impl<'instr> Visitor<'instr> for Calls {
    fn visit_call(&mut self, call: &ir::Call) {
        self.0.push(call.func);
    }
}

/// Puts a trap where one of these functions is called, in place of the call, its arguments and what follows.
struct TrapInPlace(HashSet<FunctionId>);

impl VisitorMut for TrapInPlace {
    fn start_instr_seq_mut(&mut self, sequence: &mut InstrSeq) {
        let call = sequence
            .instrs
            .iter()
            .position(|(each, _)| matches!(each, Instr::Call(call) if self.0.contains(&call.func)));
        let Some(call) = call else { return };
        let place = sequence.instrs[call].1;
        sequence.instrs.truncate(call);
        while let Some((Instr::Const(_) | Instr::LocalGet(_), _)) = sequence.instrs.last() {
            sequence.instrs.pop();
        }
        sequence.instrs.push((Instr::Unreachable(ir::Unreachable {}), place));
    }
}

/// What the names of functions hold that end in a panic.
const PANICS: &[&str] = &[
    "panicking::",
    "rust_begin_unwind",
    "expect_failed",
    "unwrap_failed",
    "slice_error_fail",
    "slice_index_fail",
];

/// And of those that put its message together.
const FORMATTING: &[&str] = &["fmt::Formatter>::pad", "::fmt::write"];

/// What the names of functions hold that libraries bring along for closures and promises, of which none crosses.
/// They stand in the table of functions, so no linker knows that nothing calls them.
const UNCALLED: &[&str] = &["wasm_bindgen::convert::closures::", "js_sys::futures::"];
