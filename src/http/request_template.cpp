#include "http/request_template.hpp"

#include "core/http_syntax.hpp"

#include <algorithm>

namespace fluxer::auth::http {

namespace {

template <class Buffer>
void add_line(Buffer& to, std::string_view name, std::string_view value)
{
    to.append(name);
    to.append(": ");
    to.append(value);
    to.append("\r\n");
}

bool names(std::vector<header> const& headers, std::string_view name)
{
    return std::any_of(headers.begin(), headers.end(), [&](header const& field) {
        return core::equal_ignoring_case(field.name, name);
    });
}

/// A header of the user's own takes the place of the library's.
template <class Buffer>
void add_line_unless(
    std::vector<header> const& own, Buffer& to, std::string_view name, std::string_view value)
{
    if (!names(own, name))
        add_line(to, name, value);
}

/// What the fields of this request alone take, generously: an estimate that is too low costs one more allocation.
std::size_t size_of_own(wire::request const& request, call_options const& options)
{
    constexpr std::size_t request_line_and_short_fields = 256;
    auto size = request_line_and_short_fields + options.request_id.size();
    if (request.token)
        size += request.token->size();
    if (options.captcha)
        size += options.captcha->token.size() + options.captcha->type.size();
    if (options.sudo_token)
        size += options.sudo_token->size();
    for (auto const& field : options.headers)
        size += field.name.size() + field.value.size();
    return size;
}

} // namespace

request_template::request_template(core::origin const& origin, client_options const& options)
    : path_prefix_(origin.path_prefix)
{
    add_line(common_, "Host", origin.host_header);
    auto const& own = options.headers;
    if (!options.user_agent.empty())
        add_line_unless(own, common_, "User-Agent", options.user_agent);
    add_line_unless(own, common_, "Accept", "application/json");
    add_line(common_, "Accept-Encoding", "identity");
    if (!options.platform.empty())
        add_line_unless(own, common_, "X-Fluxer-Platform", options.platform);
    if (!names(own, "Accept-Language"))
        accept_language_ = options.accept_language;
    for (auto const& field : options.headers)
        add_line(common_, field.name, field.value);
}

core::secret_buffer request_template::write(wire::request const& request, call_options const& options) const
{
    core::secret_buffer out;
    auto const body_size = request.body ? request.body->size() : 0;
    out.reserve(
        common_.size() + path_prefix_.size() + request.target.size() + size_of_own(request, options) +
        body_size);
    out.append(request.method);
    out.push_back(' ');
    out.append(path_prefix_);
    out.append(request.target.view());
    out.append(" HTTP/1.1\r\n");
    auto const& own = options.headers;
    add_common(out, own);
    auto const& language = options.accept_language.empty() ? accept_language_ : options.accept_language;
    if (!language.empty())
        add_line_unless(own, out, "Accept-Language", language);
    if (request.token)
        add_line_unless(own, out, "Authorization", request.token->reveal());
    if (options.captcha) {
        add_line_unless(own, out, "X-Captcha-Token", options.captcha->token.reveal());
        if (!options.captcha->type.empty())
            add_line_unless(own, out, "X-Captcha-Type", options.captcha->type);
    }
    if (options.sudo_token)
        add_line_unless(own, out, "X-Fluxer-Sudo-Mode-JWT", options.sudo_token->reveal());
    if (!options.request_id.empty())
        add_line_unless(own, out, "X-Request-ID", options.request_id);
    for (auto const& field : own)
        add_line(out, field.name, field.value);
    if (request.body)
        add_line_unless(own, out, "Content-Type", "application/json");
    // RFC 9110 §8.6: methods that usually have a body say so even if it is empty.
    if (request.body || (request.method != "GET" && request.method != "HEAD" && request.method != "DELETE"))
        add_line(out, "Content-Length", std::to_string(body_size));
    out.append("\r\n");
    if (request.body)
        out.append(request.body->view());
    return out;
}

void request_template::add_common(core::secret_buffer& to, std::vector<header> const& own) const
{
    if (own.empty())
        return to.append(common_);
    std::string_view rest = common_;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find('\n') + 1);
        if (!names(own, line.substr(0, line.find(':'))))
            to.append(line);
        rest.remove_prefix(line.size());
    }
}

} // namespace fluxer::auth::http
