#include "secrets/server_process.hpp"

#include <fluxer/auth_sandbox.hpp>

#include <array>
#include <stdexcept>

#include <sys/wait.h>
#include <unistd.h>

namespace fluxer::auth::test {

namespace {

/// Writes "URL\nPEM" and lives until its input ends.
void serve(int input, int output, char const* email, hidden_text const& password)
{
    sandbox server{sandbox_options{}};
    server.create_account(sandbox_account(email, std::string(password.reveal().reveal())));
    auto const about = server.base_url() + "\n" + server.ca_pem();
    static_cast<void>(::write(output, about.data(), about.size()));
    ::close(output);
    char byte = 0;
    while (::read(input, &byte, 1) > 0) {}
}

std::string read_all(int descriptor)
{
    std::string text;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(descriptor, buffer.data(), buffer.size())) > 0;)
        text.append(buffer.data(), static_cast<std::size_t>(size));
    return text;
}

} // namespace

server_process::server_process(char const* email, hidden_text const& password)
{
    int input[2];
    int output[2];
    if (::pipe(input) != 0 || ::pipe(output) != 0)
        throw std::runtime_error("no pipe");
    process_ = ::fork();
    if (process_ < 0)
        throw std::runtime_error("no process");
    if (process_ == 0) {
        ::close(input[1]);
        ::close(output[0]);
        serve(input[0], output[1], email, password);
        ::_exit(0);
    }
    ::close(input[0]);
    ::close(output[1]);
    input_ = input[1];
    auto const about = read_all(output[0]);
    ::close(output[0]);
    auto const end = about.find('\n');
    base_url_ = about.substr(0, end);
    ca_pem_ = about.substr(end + 1);
}

server_process::~server_process()
{
    ::close(input_);
    ::waitpid(process_, nullptr, 0);
}

} // namespace fluxer::auth::test
