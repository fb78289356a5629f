#ifndef FLUXER_AUTH_TEST_SUPPORT_DESCRIPTORS_HPP
#define FLUXER_AUTH_TEST_SUPPORT_DESCRIPTORS_HPP

#include <map>
#include <string>

namespace fluxer::auth::test {

/// The file descriptors of this process, and what each refers to.
std::map<int, std::string> open_descriptors();

/// Checks in its destructor that no descriptor is left that was not there at its construction.
class descriptor_check
{
public:
    descriptor_check();
    descriptor_check(descriptor_check const&) = delete;
    descriptor_check& operator=(descriptor_check const&) = delete;
    ~descriptor_check();

private:
    std::map<int, std::string> before_;
};

} // namespace fluxer::auth::test

#endif
