# How a folder of this tree becomes a target.
#
#   onyx_library(NAME SOURCES … [ALONE …] [DEPS …] [PRIVATE_DEPS …])        target onyx_NAME, alias onyx::NAME
#   onyx_pure_library(NAME …)            the same, for folders without clock, thread, log or I/O (tests/tidy checks)
#   onyx_executable(NAME SOURCES … DEPS …)                        binary in build/<preset>/bin
#   onyx_test(NAME SOURCES … DEPS … [LABELS …] [TIMEOUT seconds])  a Catch2 binary registered with ctest
#   onyx_proto(NAME PROTOS …)                                     one target per protobuf package, with gRPC stubs
#
# With ONYX_UNITY a folder's sources are compiled some at a time, as one: most of a file's time goes into what it includes. File-local
# names are then seen by other files, so they say what they are. Sources in ALONE have options of their own, or must not be inlined
# into their neighbours. Neither tests, which share names freely, nor generated code are compiled so.

set(CMAKE_RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)

find_program(ONYX_CCACHE ccache)
if(ONYX_CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${ONYX_CCACHE})
endif()
find_program(ONYX_MOLD mold)

add_library(onyx_options INTERFACE)
target_compile_features(onyx_options INTERFACE cxx_std_20)
target_include_directories(onyx_options INTERFACE ${PROJECT_SOURCE_DIR})
target_compile_options(onyx_options INTERFACE -Wall -Wextra -Wpedantic -Wshadow -Wno-missing-field-initializers
                                              -fno-omit-frame-pointer)
if(ONYX_WERROR)
  target_compile_options(onyx_options INTERFACE -Werror)
endif()
if(ONYX_SANITIZE)
  target_compile_options(onyx_options INTERFACE -fsanitize=${ONYX_SANITIZE} -fno-sanitize-recover=all)
  target_link_options(onyx_options INTERFACE -fsanitize=${ONYX_SANITIZE})
  target_compile_definitions(onyx_options INTERFACE ONYX_SANITIZED=1)
  target_compile_options(onyx_options INTERFACE -Wno-maybe-uninitialized)  # GCC 12: false in instrumented std::function
  if(ONYX_SANITIZE MATCHES thread)
    target_compile_options(onyx_options INTERFACE -Wno-tsan)  # fences: none that data alone relies on
  endif()
elseif(ONYX_MOLD)
  target_link_options(onyx_options INTERFACE -fuse-ld=mold)
endif()

# The files to compile in place of the sources, in OUT. Includes are written from the root, as everywhere: so every clone has the same
# text, and the compiler's cache serves all of them.
set(ONYX_UNITY_FILES_MAX 10)
function(onyx_unity OUT)
  if(NOT ONYX_UNITY)
    set(${OUT} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  list(LENGTH ARGN COUNT)
  math(EXPR LAST "(${COUNT} - 1) / ${ONYX_UNITY_FILES_MAX}")
  set(AT 0)
  foreach(SOURCE ${ARGN})
    get_filename_component(SOURCE ${SOURCE} ABSOLUTE)
    file(RELATIVE_PATH SOURCE ${PROJECT_SOURCE_DIR} ${SOURCE})
    math(EXPR NUMBER "${AT} * (${LAST} + 1) / ${COUNT}")  # files of about equal size
    string(APPEND TEXT_${NUMBER} "#include \"${SOURCE}\"\n")
    math(EXPR AT "${AT} + 1")
  endforeach()
  set(FILES)
  foreach(NUMBER RANGE ${LAST})
    set(FILE ${CMAKE_CURRENT_BINARY_DIR}/${OUT}_${NUMBER}.cpp)
    file(CONFIGURE OUTPUT ${FILE} CONTENT "${TEXT_${NUMBER}}" @ONLY)
    list(APPEND FILES ${FILE})
  endforeach()
  set(${OUT} ${FILES} PARENT_SCOPE)
endfunction()

function(onyx_library NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;ALONE;DEPS;PRIVATE_DEPS" ${ARGN})
  if(ARG_SOURCES)
    onyx_unity(unity_${NAME} ${ARG_SOURCES})
    add_library(onyx_${NAME} STATIC ${unity_${NAME}} ${ARG_ALONE})
    set_target_properties(onyx_${NAME} PROPERTIES ONYX_SOURCES "${ARG_SOURCES};${ARG_ALONE}")
    target_link_libraries(onyx_${NAME} PUBLIC onyx_options ${ARG_DEPS} PRIVATE ${ARG_PRIVATE_DEPS})
  else()
    add_library(onyx_${NAME} INTERFACE)
    target_link_libraries(onyx_${NAME} INTERFACE onyx_options ${ARG_DEPS})
  endif()
  add_library(onyx::${NAME} ALIAS onyx_${NAME})
endfunction()

function(onyx_pure_library NAME)
  onyx_library(${NAME} ${ARGN})
  set_property(GLOBAL APPEND PROPERTY ONYX_PURE_FOLDERS ${CMAKE_CURRENT_SOURCE_DIR})
endfunction()

function(onyx_executable NAME)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEPS" ${ARGN})
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE onyx_options ${ARG_DEPS})
endfunction()

function(onyx_test NAME)
  cmake_parse_arguments(ARG "" "TIMEOUT" "SOURCES;DEPS;LABELS;ENVIRONMENT" ${ARGN})
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 300)  # A guard against hangs, never a measurement.
  endif()
  add_executable(${NAME} ${ARG_SOURCES})
  target_link_libraries(${NAME} PRIVATE onyx_options ${ARG_DEPS} Catch2::Catch2WithMain)
  target_compile_options(${NAME} PRIVATE -O1)  # A test is built more often than it runs.
  set_target_properties(${NAME} PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
  add_test(NAME ${NAME} COMMAND ${NAME} --use-colour no)
  set_tests_properties(${NAME} PROPERTIES TIMEOUT ${ARG_TIMEOUT} LABELS "${ARG_LABELS}"
                       ENVIRONMENT "ONYX_SOURCE_DIR=${PROJECT_SOURCE_DIR};ONYX_BIN_DIR=${CMAKE_RUNTIME_OUTPUT_DIRECTORY};${ARG_ENVIRONMENT}")
endfunction()

function(onyx_proto NAME)
  cmake_parse_arguments(ARG "" "" "PROTOS" ${ARGN})
  set(GENERATED)
  foreach(PROTO ${ARG_PROTOS})
    get_filename_component(DIR ${PROTO} DIRECTORY)
    get_filename_component(BASE ${PROTO} NAME_WE)
    set(OUT ${CMAKE_CURRENT_BINARY_DIR}/${DIR}/${BASE})
    add_custom_command(
      OUTPUT ${OUT}.pb.cc ${OUT}.pb.h ${OUT}.grpc.pb.cc ${OUT}.grpc.pb.h
      COMMAND protobuf::protoc --cpp_out=${CMAKE_CURRENT_BINARY_DIR} --grpc_out=${CMAKE_CURRENT_BINARY_DIR}
              --plugin=protoc-gen-grpc=$<TARGET_FILE:gRPC::grpc_cpp_plugin> -I${CMAKE_CURRENT_SOURCE_DIR}
              ${CMAKE_CURRENT_SOURCE_DIR}/${PROTO}
      DEPENDS ${PROTO} VERBATIM)
    list(APPEND GENERATED ${OUT}.pb.cc ${OUT}.grpc.pb.cc)
  endforeach()
  add_library(onyx_${NAME} STATIC ${GENERATED})
  target_include_directories(onyx_${NAME} SYSTEM PUBLIC ${CMAKE_CURRENT_BINARY_DIR})
  target_compile_features(onyx_${NAME} PUBLIC cxx_std_20)
  target_link_libraries(onyx_${NAME} PUBLIC gRPC::grpc++ protobuf::libprotobuf)
  add_library(onyx::${NAME} ALIAS onyx_${NAME})
endfunction()
