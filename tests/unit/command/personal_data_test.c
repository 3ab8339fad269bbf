#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "command/import/personal_data.h"

static const char email[] = "an e-mail address", telephone[] = "a telephone number";

static void finds_contacts_in_texts(void **state)
{
	static const struct {
		const char *text, *found;
	} cases[] = {
		{"Ask jo.doe@example.org about it", email},
		{"jo@m\xC3\xBCller.example", email},
		{"jo [at] example.org", email},
		{"jo(AT)example.org", email},
		{"jo(at)example(dot)org", email},
		{"jo [at] mail [dot] example [DOT] org", email},
		{"ask?to=jo%40example.org", email},
		{"EndOCSEA@Europe (2018-2020)", NULL},
		{"meet (at) noon. Then", NULL},
		{"@example.org", NULL},
		{"a @ b", NULL},
		{"end of sentence@", NULL},
		{"+47 22 00 00 00", telephone},
		{"+33\xC2\xA0"
		 "1\xE2\x80\xAF"
		 "23\xE2\x80\xAF"
		 "45\xE2\x80\xAF"
		 "67",
		 telephone},
		{"01\xE2\x80\x93"
		 "23\xE2\x80\x93"
		 "45\xE2\x80\x93"
		 "67\xE2\x80\x93"
		 "89",
		 telephone},
		{"2013\xE2\x80\x93"
		 "2020",
		 NULL},
		{"(+33) 1 23 45 67 89", telephone},
		{"+33(0)123456789", telephone},
		{"0033 1 23 45 67 89", telephone},
		{"01 23 45 67 89", telephone},
		{"01.23.45.67.89", telephone},
		{"(0)20 7946 0000", telephone},
		{"Tel.: 22 33 44", telephone},
		{"t\xC3\xA9l\xC3\xA9phone no. 12345", telephone},
		{"Fax 12345", telephone},
		{"Mobile 2019 strategy", NULL},
		{"Mobile 2019-2023 strategy", NULL},
		{"Mobile 2019-20234", telephone},
		{"Mobile 2019\xE2\x80\x93"
		 "2023 strategy",
		 NULL},
		{"T\xC3\xA9l.\xC2\xA0:\xC2\xA0"
		 "22 33 44",
		 telephone},
		{"T\xC3\xA9l\xC2\xA0: 22 33 44", telephone},
		{"Call\xC2\xA0+47 22 00 00 00", telephone},
		{"ends with a blank\xC2\xA0", NULL},
		{"Hotel 12345", NULL},
		{"telecom 2013-2020", NULL},
		{"telephone interception (Articles 20 and 21)", NULL},
		{"2001-11-23 and 01.02.2003", NULL},
		{"07-11-2005", NULL},
		{"Application no. 31446/12, [2018] ECHR 153", NULL},
		{"HR-2004-00127-A", NULL},
		{"Act No. 161/1999, sections 0.311.43", NULL},
		{"Ot.prp. nr. 22 (2008-2009)", NULL},
		{"Computers Law, 5755-1995", NULL},
		{"24/7 network", NULL},
		{"C++ 17", NULL},
		{"", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *found = personal_data_in_text(cases[i].text);

		if (cases[i].found ? !found : found != NULL)
			fail_msg("'%s' gave %s", cases[i].text, found ? found : "nothing");
		if (found)
			assert_string_equal(found, cases[i].found);
	}
}

static void finds_contacts_in_addresses(void **state)
{
	static const struct {
		const char *url, *found;
	} cases[] = {
		{"https://law.example/akn/za/act/2020/19/eng@2021-06-01", NULL},
		{"https://law.example/eng@2021-06-01.html", NULL},
		{"https://example.org/@name", NULL},
		{"https://example.org/ask?to=jo@example.org", email},
		{"https://example.org/ask?to=jo%40example.org", email},
		{"https://example.org/+4722000000", NULL},
	};

	(void)state;
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		const char *found = personal_data_in_url(cases[i].url);

		if (cases[i].found ? !found : found != NULL)
			fail_msg("'%s' gave %s", cases[i].url, found ? found : "nothing");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_contacts_in_texts),
		cmocka_unit_test(finds_contacts_in_addresses),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
