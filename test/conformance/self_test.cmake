# Runs the tool on recordings made here: all have to pass, and all have to fail once they are falsified.
function(write_recording operation case method path headers body status answer)
  file(WRITE ${FOLDER}/${operation}.${case}.json
"{\"operation\": \"${operation}\", \"case\": \"${case}\", \"server\": \"made up\",
  \"request\": {\"method\": \"${method}\", \"path\": \"${path}\",
    \"headers\": {\"Host\": \"localhost\", \"User-Agent\": \"self-test\"${headers}}, \"body\": ${body}},
  \"response\": {\"status\": ${status}, \"status_line\": \"HTTP/1.1 ${status} Made up\",
    \"headers\": {\"cOnTeNt-TyPe\": \"application/json\", \"x-request-id\": \"request-1\"}, \"body\": ${answer}}}
")
endfunction()

function(run_tool expected_status expected_line)
  execute_process(COMMAND ${TOOL} ${ARGN} ${FOLDER} RESULT_VARIABLE status OUTPUT_VARIABLE output ERROR_VARIABLE output)
  string(STRIP "${output}" lines)
  string(REGEX REPLACE ".*\n" "" last "${lines}")
  if(NOT status EQUAL expected_status OR NOT last STREQUAL expected_line)
    message(FATAL_ERROR "expected status ${expected_status} and \"${expected_line}\", got ${status} and:\n${output}")
  endif()
endfunction()

file(REMOVE_RECURSE ${FOLDER})
file(MAKE_DIRECTORY ${FOLDER})
run_tool(2 "wire_conformance: no *.json in ${FOLDER}")

write_recording(login_user session POST /v1/auth/login ", \"X-Captcha-Token\": \"solved\""
  [=["{\"email\":\"a@example.com\",\"password\":\"made-up-1\"}"]=]
  200 [=["{\"token\":\"flx_made_up\",\"user_id\":\"17\"}"]=])
write_recording(login_user challenge POST /v1/auth/login "" [=["{\"email\":\"a@example.com\",\"password\":\"made-up-1\"}"]=]
  200 [=["{\"mfa\":true,\"ticket\":\"made-up\",\"allowed_methods\":[\"totp\"],\"sms_phone_hint\":null,\"sms\":false,\"totp\":true,\"webauthn\":false}"]=])
write_recording(login_user missing POST /v1/auth/login "" [=["{}"]=]
  400 [=["{\"code\":\"INVALID_FORM_BODY\",\"message\":\"Made up.\",\"errors\":[{\"path\":\"email\",\"message\":\"Made up.\",\"code\":\"INVALID_FORMAT\"}]}"]=])
write_recording(list_auth_sessions one GET /v1/auth/sessions ", \"Authorization\": \"flx_made_up\"" null
  200 [=["[{\"id_hash\":\"made-up\",\"client_info\":{\"platform\":\"Firefox\",\"os\":\"Unknown\",\"location\":{\"city\":null,\"region\":null,\"country\":\"Iceland\"}},\"approx_last_used_at\":\"2026-01-02T03:04:05.600Z\",\"current\":false}]"]=])
write_recording(cancel_handoff done DELETE /v1/auth/handoff/ABCD-EFGH "" null 204 [=[""]=])
write_recording(general users GET /v1/users/@me "" null 429
  [=["{\"code\":\"RATE_LIMITED\",\"message\":\"Made up.\",\"global\":false,\"retry_after\":2}"]=])
run_tool(0 "6 passed, 0 failed, 0 skipped")
run_tool(1 "0 passed, 6 failed, 0 skipped" --self-test)

file(WRITE ${FOLDER}/not_a_recording.json "{}")
run_tool(1 "6 passed, 1 failed, 0 skipped")
