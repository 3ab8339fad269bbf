#include "codec/xml.h"

#include "base/cleanup.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/banned.h"

static void test_text(void **state)
{
	static const struct {
		const char *text, *xml;
	} cases[] = {
		{NULL, ""},
		{"", ""},
		{"plain", "plain"},
		{"a < b && c > \"d\"", "a &lt; b &amp;&amp; c &gt; &quot;d&quot;"},
		{"<![CDATA[x]]>", "&lt;![CDATA[x]]&gt;"},
		{"one\ttwo\r\n", "one&#9;two&#13;&#10;"},
		{"\x01\x1F\x7F", "\xEF\xBF\xBD\xEF\xBF\xBD\x7F"},
		{"Norv\xC3\xA8ge \xF0\x9F\x87\xB3", "Norv\xC3\xA8ge \xF0\x9F\x87\xB3"},
		/* U+FFFD is a character of XML, U+FFFE and U+FFFF are none. */
		{"\xEF\xBF\xBD\xEF\xBF\xBE\xEF\xBF\xBF.", "\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD."},
		{"\xEF\xBC\xA1", "\xEF\xBC\xA1"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CLEANUP(buffer_free) struct buffer buffer = {0};

		buffer_text(&buffer, "");
		xml_text(&buffer, cases[i].text);
		assert_false(buffer.failed);
		assert_string_equal(buffer.bytes, cases[i].xml);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
