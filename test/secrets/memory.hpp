#ifndef FLUXER_AUTH_TEST_SECRETS_MEMORY_HPP
#define FLUXER_AUTH_TEST_SECRETS_MEMORY_HPP

#include <fluxer/auth/secret.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace fluxer::auth::test {

/// A text that is nowhere in memory as it is, so that it can be searched for.
class hidden_text
{
public:
    /// @param text is overwritten
    static hidden_text hide(std::string& text);
    static hidden_text hide(std::string_view text);

    secret reveal() const;

    std::size_t size() const noexcept { return bytes_.size(); }

    /// Whether the text is at this place, without assembling it.
    bool is_at(char const* place) const noexcept;

private:
    std::string bytes_;
};

/// Where a text is found in all of this process's memory that can be written to: the kinds of the places ("[heap]",
/// "[stack]", a file, or "" for the rest).
std::vector<std::string> places_of(hidden_text const& text);

/// Fails the test for each place where the text stands.
void check_nowhere(hidden_text const& text, char const* what);

} // namespace fluxer::auth::test

#endif
