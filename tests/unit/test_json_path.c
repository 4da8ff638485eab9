#include <criterion/criterion.h>
#include <string.h>

#include "common/json_path.h"

/* The path at the '^' of the text, which is taken out of it; NULL for none. */
static void expect_path(const char *marked, const char *expected) {
    char json[256];
    char path[JSON_PATH_MAX];
    size_t position = strcspn(marked, "^");
    memcpy(json, marked, position);
    memcpy(json + position, marked + position + 1, strlen(marked) - position);
    const struct slice slice = {.at = (const uint8_t *)json, .len = strlen(json)};
    bool found = json_path_at(slice, position, path);
    cr_assert_eq(found, expected != NULL, "%s", marked);
    cr_assert_str_eq(path, expected != NULL ? expected : "", "%s: %s", marked, path);
}

Test(json_path, test_key_and_value_belong_to_the_field) {
    expect_path("{\"a\":1,\"b\"^:2}", "b");
    expect_path("{\"a\":1,\"b\":2^}", "b");
    expect_path("{ \"a\" : \"x\\\",y\" , \"b\" : [1,2]^}", "b");
}

Test(json_path, test_members_of_arrays_are_numbered) {
    expect_path("{\"c\":[{\"x\":1},{\"y\":2^}]}", "c[1].y");
    expect_path("{\"c\":[1,2,[3,^4]]}", "c[2][1]");
}

Test(json_path, test_deeper_levels_name_the_third) {
    expect_path("{\"c\":[{\"x\":{\"deep\":[1^]}}]}", "c[0].x");
}

Test(json_path, test_outside_an_object_there_is_no_field) {
    expect_path("^{\"a\":1}", NULL);
    expect_path("{^\"a\":1}", NULL);
    expect_path("[{\"a\":1^}]", NULL);
    expect_path("{\"a\":1}^", NULL);
}

Test(json_path, test_names_are_made_harmless) {
    expect_path("{\"a\x01\xc3\xa9\":1^}", "a???");
    expect_path("{\"0123456789012345678901234567890123456789\":1^}",
                "01234567890123456789012345678901");
}
