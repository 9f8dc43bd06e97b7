//! Fuses the splitter's many small modules into few: the same code, without a list of types, a header and a request each.
//!
//! The splitter makes a module for every set of parts that share something, fifty of them for a dozen parts, and writes
//! the whole program's types into each. Here a module keeps the types it uses, and numbers take no more bytes than they
//! need.

use std::collections::HashMap;
use std::fmt::{self, Display};

use wasm_encoder::reencode::{self, Reencode};
use wasm_encoder::{
    CodeSection, DataCountSection, DataSection, ElementSection, EntityType, FunctionSection,
    ImportSection, Module, TypeSection,
};
use wasmparser::{FuncType, Parser, Payload, TypeRef};

use crate::fault::Fault;

/// One module out of several that share their memory and their table. Each may import, and define functions, entries of
/// the table and data; nothing else.
pub(crate) fn fused(file: &str, modules: &[&[u8]]) -> Result<Vec<u8>, Fault> {
    joined(modules).map_err(|cause| Fault::Wasm {
        file: file.to_owned(),
        cause,
    })
}

/// The sections of the module that is made.
#[derive(Default)]
struct Joint {
    types: Vec<FuncType>,
    type_places: HashMap<FuncType, u32>,
    imports: ImportSection,
    import_places: HashMap<(String, String), u32>,
    /// How many functions, tables, memories and globals are imported.
    imported: [u32; 4],
    functions: FunctionSection,
    function_count: u32,
    elements: ElementSection,
    element_count: u32,
    code: CodeSection,
    data: DataSection,
    data_count: u32,
}

/// The places of one module's own numbers in the joint one.
#[derive(Default)]
struct Places {
    types: Vec<FuncType>,
    functions: Vec<u32>,
    tables: Vec<u32>,
    memories: Vec<u32>,
    globals: Vec<u32>,
}

fn joined(modules: &[&[u8]]) -> Result<Vec<u8>, String> {
    let mut joint = Joint::default();
    let mut all: Vec<Places> = Vec::new();
    // Imported functions come before all others: every import is known before the first function is numbered.
    for wasm in modules {
        all.push(joint.take_imports(wasm)?);
    }
    for (wasm, places) in modules.iter().zip(&mut all) {
        joint.number_functions(wasm, places)?;
    }
    for (wasm, places) in modules.iter().zip(&all) {
        joint.take_contents(wasm, places)?;
    }
    joint.finished()
}

impl Joint {
    fn type_place(&mut self, of: &FuncType) -> u32 {
        if let Some(place) = self.type_places.get(of) {
            return *place;
        }
        let place = self.types.len() as u32;
        self.types.push(of.clone());
        self.type_places.insert(of.clone(), place);
        place
    }

    fn take_imports(&mut self, wasm: &[u8]) -> Result<Places, String> {
        let mut places = Places::default();
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(told)? {
                Payload::TypeSection(types) => {
                    for one in types.into_iter_err_on_gc_types() {
                        places.types.push(one.map_err(told)?);
                    }
                }
                Payload::ImportSection(imports) => {
                    for import in imports.into_imports() {
                        let import = import.map_err(told)?;
                        let (space, list) = match import.ty {
                            TypeRef::Func(_) => (0, &mut places.functions),
                            TypeRef::Table(_) => (1, &mut places.tables),
                            TypeRef::Memory(_) => (2, &mut places.memories),
                            TypeRef::Global(_) => (3, &mut places.globals),
                            _ => return Err("a part imports what parts do not share".to_owned()),
                        };
                        let of = match import.ty {
                            TypeRef::Func(of) => {
                                let of = places.types.get(of as usize).ok_or(PAST_THE_END)?;
                                EntityType::Function(self.type_place(of))
                            }
                            other => EntityType::try_from(other).map_err(told)?,
                        };
                        let name = (import.module.to_owned(), import.name.to_owned());
                        let count = self.imported.get_mut(space).ok_or(PAST_THE_END)?;
                        let place = *self.import_places.entry(name).or_insert_with(|| {
                            self.imports.import(import.module, import.name, of);
                            *count += 1;
                            *count - 1
                        });
                        list.push(place);
                    }
                }
                _ => {}
            }
        }
        Ok(places)
    }

    fn number_functions(&mut self, wasm: &[u8], places: &mut Places) -> Result<(), String> {
        for payload in Parser::new(0).parse_all(wasm) {
            if let Payload::FunctionSection(functions) = payload.map_err(told)? {
                for of in functions {
                    let of = of.map_err(told)?;
                    let of = places.types.get(of as usize).ok_or(PAST_THE_END)?.clone();
                    let of = self.type_place(&of);
                    self.functions.function(of);
                    let [imported, ..] = self.imported;
                    places.functions.push(imported + self.function_count);
                    self.function_count += 1;
                }
            }
        }
        Ok(())
    }

    fn take_contents(&mut self, wasm: &[u8], places: &Places) -> Result<(), String> {
        let mut elements = std::mem::take(&mut self.elements);
        let mut code = std::mem::take(&mut self.code);
        let mut data = std::mem::take(&mut self.data);
        let (first_element, first_data) = (self.element_count, self.data_count);
        let mut numbers = Numbers {
            joint: self,
            places,
            first_element,
            first_data,
        };
        for payload in Parser::new(0).parse_all(wasm) {
            match payload.map_err(told)? {
                Payload::ElementSection(section) => {
                    numbers.joint.element_count += section.count();
                    numbers
                        .parse_element_section(&mut elements, section)
                        .map_err(told)?;
                }
                Payload::CodeSectionEntry(body) => {
                    numbers.parse_function_body(&mut code, body).map_err(told)?;
                }
                Payload::DataSection(section) => {
                    numbers.joint.data_count += section.count();
                    numbers
                        .parse_data_section(&mut data, section)
                        .map_err(told)?;
                }
                Payload::ExportSection(section) if section.count() == 0 => {}
                Payload::Version { .. }
                | Payload::TypeSection(_)
                | Payload::ImportSection(_)
                | Payload::FunctionSection(_)
                | Payload::DataCountSection { .. }
                | Payload::CodeSectionStart { .. }
                | Payload::CustomSection(_)
                | Payload::End(_) => {}
                other => return Err(format!("a part has a section that parts lack: {other:?}")),
            }
        }
        (self.elements, self.code, self.data) = (elements, code, data);
        Ok(())
    }

    fn finished(self) -> Result<Vec<u8>, String> {
        let mut types = TypeSection::new();
        for of in self.types {
            let of = wasm_encoder::FuncType::try_from(of).map_err(told)?;
            types.ty().func_type(&of);
        }
        let mut module = Module::new();
        module.section(&types).section(&self.imports);
        if self.function_count > 0 {
            module.section(&self.functions);
        }
        if self.element_count > 0 {
            module.section(&self.elements);
        }
        if self.data_count > 0 {
            module.section(&DataCountSection {
                count: self.data_count,
            });
        }
        if self.function_count > 0 {
            module.section(&self.code);
        }
        if self.data_count > 0 {
            module.section(&self.data);
        }
        Ok(module.finish())
    }
}

/// Writes one module's contents with the joint module's numbers.
struct Numbers<'j> {
    joint: &'j mut Joint,
    places: &'j Places,
    first_element: u32,
    first_data: u32,
}

impl Numbers<'_> {
    fn at(list: &[u32], place: u32) -> Numbered {
        let found = list.get(place as usize).copied();
        found.ok_or(reencode::Error::UserError(PastTheEnd))
    }
}

type Numbered = Result<u32, reencode::Error<PastTheEnd>>;

impl Reencode for Numbers<'_> {
    type Error = PastTheEnd;

    fn type_index(&mut self, of: u32) -> Numbered {
        let of = self.places.types.get(of as usize);
        let of = of.ok_or(reencode::Error::UserError(PastTheEnd))?;
        Ok(self.joint.type_place(of))
    }

    fn function_index(&mut self, function: u32) -> Numbered {
        Self::at(&self.places.functions, function)
    }

    fn table_index(&mut self, table: u32) -> Numbered {
        Self::at(&self.places.tables, table)
    }

    fn memory_index(&mut self, memory: u32) -> Numbered {
        Self::at(&self.places.memories, memory)
    }

    fn global_index(&mut self, global: u32) -> Numbered {
        Self::at(&self.places.globals, global)
    }

    fn element_index(&mut self, element: u32) -> Numbered {
        Ok(self.first_element + element)
    }

    fn data_index(&mut self, data: u32) -> Numbered {
        Ok(self.first_data + data)
    }
}

const PAST_THE_END: &str = "a number points past the end of its list";

/// A number of the module points past the end of its list.
#[derive(Debug)]
struct PastTheEnd;

impl Display for PastTheEnd {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PAST_THE_END)
    }
}

impl std::error::Error for PastTheEnd {}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in `map_err`, which gives it away"
)]
fn told(error: impl ToString) -> String {
    error.to_string()
}
