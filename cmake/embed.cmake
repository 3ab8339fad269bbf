# embed(NAME GLOB): a static library NAME with every file that fits the glob compiled in.
#
# `#include "NAME.h"` gives, for a file first.sql, `extern const struct embedded NAME_first;` and a
# list of them all in order of name, `NAME[]`, that ends with a null pointer.
set(EMBED_SCRIPT ${CMAKE_CURRENT_LIST_DIR}/embed_files.cmake)

function(embed name glob)
  file(GLOB files CONFIGURE_DEPENDS ${glob})
  embed_files(${name} ${files})
endfunction()

function(embed_files name)
  set(out ${CMAKE_BINARY_DIR}/generated/${name})
  add_custom_command(
    OUTPUT ${out}.c ${out}.h
    COMMAND ${CMAKE_COMMAND} -DNAME=${name} -DOUT=${out} "-DFILES=${ARGN}" -P ${EMBED_SCRIPT}
    DEPENDS ${ARGN} ${EMBED_SCRIPT}
    COMMENT "Embedding ${name}"
    VERBATIM)
  add_library(${name} STATIC ${out}.c ${out}.h)
  target_link_libraries(${name} PUBLIC base)
endfunction()

# The contract as written and as JSON.
function(embed_contract)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(yaml ${CMAKE_SOURCE_DIR}/openapi.yaml)
  set(json ${CMAKE_BINARY_DIR}/generated/contract/json.json)
  add_custom_command(
    OUTPUT ${json} ${CMAKE_BINARY_DIR}/generated/contract/yaml.yaml
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/contract_json.py ${yaml} ${json}
    COMMAND ${CMAKE_COMMAND} -E copy ${yaml} ${CMAKE_BINARY_DIR}/generated/contract/yaml.yaml
    DEPENDS ${yaml} ${CMAKE_SOURCE_DIR}/cmake/contract_json.py
    VERBATIM)
  embed_files(contract ${json} ${CMAKE_BINARY_DIR}/generated/contract/yaml.yaml)
endfunction()
