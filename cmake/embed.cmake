# embed(NAME GLOB): a static library NAME that contains every file that matches the glob.
#
# For a file first.sql, `#include "NAME.h"` declares `extern const struct embedded NAME_first;` and a list
# of all files sorted by name, `NAME[]`, which ends with a null pointer.
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

# Static files, plain and compressed: the contract, the files of pages, and Swagger UI. `./dev` installs
# Swagger UI with npm. If it is missing, the program is built without the reference, unless REFERENCE is
# ON, which makes this an error.
function(embed_static_files)
  find_program(NODE node REQUIRED)
  find_package(Python3 REQUIRED COMPONENTS Interpreter)
  set(contract ${CMAKE_SOURCE_DIR}/openapi.yaml)
  set(package ${CMAKE_SOURCE_DIR}/pages/reference/node_modules/swagger-ui-dist)
  set(pages ${CMAKE_SOURCE_DIR}/pages)
  set(out ${CMAKE_BINARY_DIR}/generated/static_files_packed)
  set(packed "")
  file(MAKE_DIRECTORY ${out})
  add_custom_command(
    OUTPUT ${out}/contract.json
    COMMAND ${Python3_EXECUTABLE} ${CMAKE_SOURCE_DIR}/cmake/contract_json.py ${contract} ${out}/contract.json
    DEPENDS ${contract} ${CMAKE_SOURCE_DIR}/cmake/contract_json.py
    VERBATIM)
  pack(openapi.json ${out}/contract.json)
  pack(openapi.yaml ${contract})
  pack(favicon.ico ${pages}/icon.svg)
  pack(page.css ${pages}/page.css)
  pack(reference.css ${pages}/reference.css)
  pack(reference.js ${pages}/start.js)
  if(EXISTS ${package})
    pack(swagger-ui.css ${package}/swagger-ui.css)
    pack(swagger-ui-bundle.js ${package}/swagger-ui-bundle.js)
    pack(swagger-ui-licence.txt ${package}/NOTICE ${package}/LICENSE
      ${package}/swagger-ui-bundle.js.LICENSE.txt)
  elseif(REFERENCE)
    message(FATAL_ERROR "The reference is missing: npm ci --prefix pages/reference")
  else()
    message(WARNING "Without the interactive reference: npm ci --prefix pages/reference")
  endif()
  embed_files(static_files ${packed})
endfunction()

macro(pack name)
  set(made ${out}/${name}-gzip.bin ${out}/${name}-br.bin ${out}/${name}-plain.bin)
  add_custom_command(
    OUTPUT ${made}
    COMMAND ${NODE} ${CMAKE_SOURCE_DIR}/cmake/pack.mjs ${out}/${name} ${ARGN}
    DEPENDS ${ARGN} ${CMAKE_SOURCE_DIR}/cmake/pack.mjs
    COMMENT "Packing ${name}"
    VERBATIM)
  list(APPEND packed ${made})
endmacro()
