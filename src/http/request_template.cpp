#include "http/request_template.hpp"

#include "core/http_syntax.hpp"

#include <algorithm>
#include <array>

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

/// What a call's options and its token come to, but for its own headers, which take the place of these.
class call_lines
{
public:
    call_lines(wire::request const& request, call_options const& options)
        : own_(options.headers)
    {
        add("Accept-Language", options.accept_language);
        if (request.token)
            add("Authorization", request.token->reveal());
        if (options.captcha) {
            add("X-Captcha-Token", options.captcha->token.reveal());
            add("X-Captcha-Type", options.captcha->type);
        }
        if (options.sudo_token)
            add("X-Fluxer-Sudo-Mode-JWT", options.sudo_token->reveal());
        add("X-Request-ID", options.request_id);
    }

    bool has(std::string_view name) const
    {
        return std::any_of(
            begin(), end(), [&](line const& each) { return core::equal_ignoring_case(each.name, name); });
    }

    struct line
    {
        std::string_view name;
        std::string_view value;
    };

    line const* begin() const noexcept { return lines_.data(); }

    line const* end() const noexcept { return lines_.data() + count_; }

private:
    void add(std::string_view name, std::string_view value)
    {
        if (!value.empty() && !names(own_, name))
            lines_[count_++] = {name, value};
    }

    std::vector<header> const& own_;
    std::array<line, 6> lines_;
    std::size_t count_ = 0;
};

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
    , has_headers_(!options.headers.empty())
    , content_type_(names(options.headers, "Content-Type") ? "" : "Content-Type: application/json\r\n")
{
    auto const add = [&](std::string_view name, std::string_view value) {
        if (!value.empty() && !names(options.headers, name))
            add_line(common_, name, value);
    };
    add_line(common_, "Host", origin.host_header);
    add("User-Agent", options.user_agent);
    add("Accept", "application/json");
    add_line(common_, "Accept-Encoding", "identity");
    add("X-Fluxer-Platform", options.platform);
    add("Accept-Language", options.accept_language);
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
    call_lines const lines(request, options);
    if (own.empty() && options.accept_language.empty() && !has_headers_)
        out.append(common_);
    else
        add_common_unless(out, [&](std::string_view name) { return names(own, name) || lines.has(name); });
    for (auto const& [name, value] : lines)
        add_line(out, name, value);
    for (auto const& field : own)
        add_line(out, field.name, field.value);
    if (request.body && !names(own, "Content-Type"))
        out.append(content_type_);
    // RFC 9110 §8.6: methods that usually have a body say so even if it is empty.
    if (request.body || (request.method != "GET" && request.method != "HEAD" && request.method != "DELETE"))
        add_line(out, "Content-Length", std::to_string(body_size));
    out.append("\r\n");
    if (request.body)
        out.append(request.body->view());
    return out;
}

template <class IsReplaced>
void request_template::add_common_unless(core::secret_buffer& to, IsReplaced is_replaced) const
{
    std::string_view rest = common_;
    while (!rest.empty()) {
        auto const line = rest.substr(0, rest.find('\n') + 1);
        if (!is_replaced(line.substr(0, line.find(':'))))
            to.append(line);
        rest.remove_prefix(line.size());
    }
}

} // namespace fluxer::auth::http
