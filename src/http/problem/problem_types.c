#include "http/problem/problem.h"

#include "base/banned.h"

/* Prose, wrapped by hand. */
/* clang-format off */

static const struct problem_type types[ERROR_KINDS] = {
	[ERROR_BAD_REQUEST] = {
		400, "bad-request", "The request has mistakes", NULL,
		{"The request has mistakes",
		 "Something in the address or the header is not what this address takes. Queries are "
		 "read strictly: an unknown parameter, one that is given twice and an empty value are "
		 "mistakes too, so that a slip never changes an answer unseen.",
		 "Read `errors`: it names every wrong parameter with what is allowed, all at once. The "
		 "same request will fail again."},
		{"La requête contient des erreurs",
		 "Un élément de l’adresse ou de l’en-tête n’est pas de ceux que cette adresse accepte. "
		 "Les requêtes sont lues strictement : un paramètre inconnu, un paramètre répété et une "
		 "valeur vide sont aussi des erreurs, afin qu’une faute de frappe ne change jamais une "
		 "réponse à votre insu.",
		 "Lisez `errors` : ce membre nomme tous les paramètres erronés et ce qui est permis. La "
		 "même requête échouera de nouveau."},
		{"GET /v1?lang=xx", "/v1", "lang", "'xx' is not one of: en, fr."}},
	[ERROR_NOT_FOUND] = {
		404, "not-found", "Nothing is here", NULL,
		{"Nothing is here",
		 "The address is not one of this service, or nothing has the identifier in it. A known "
		 "country without anything in a section is an empty list instead, with status 200.",
		 "Compare the address with those that /v1 lists. Identifiers come from lists and from "
		 "`links`; take them as they are."},
		{"Rien ne se trouve ici",
		 "L’adresse n’est pas de ce service, ou rien ne porte l’identifiant qu’elle contient. "
		 "Un pays connu dont une section est vide donne une liste vide et le statut 200.",
		 "Comparez l’adresse avec celles que /v1 énumère. Les identifiants viennent des listes "
		 "et de `links` ; prenez-les tels quels."},
		{"GET /v1/countries/ZZ", "/v1/countries/ZZ", NULL,
		 "'ZZ' is not a country code: alpha-2 (NO), alpha-3 (NOR) or numeric (578) of ISO 3166-1; "
		 "/v1/countries lists them all."}},
	[ERROR_WRONG_METHOD] = {
		405, "method-not-allowed", "The method is not allowed here", NULL,
		{"The method is not allowed here",
		 "The address exists, but not with this method.",
		 "The header field Allow lists the methods of the address. Everything that is to be "
		 "read is read with GET."},
		{"La méthode n’est pas permise ici",
		 "L’adresse existe, mais pas avec cette méthode.",
		 "Le champ d’en-tête Allow énumère les méthodes de l’adresse. Tout ce qui se lit se "
		 "lit avec GET."},
		{"DELETE /v1/countries", "/v1/countries", NULL,
		 "This address has the methods GET, HEAD, OPTIONS."}},
	[ERROR_NOT_ACCEPTABLE] = {
		406, "not-acceptable", "No representation is acceptable", NULL,
		{"No representation is acceptable",
		 "The header field Accept excludes every representation that this address has.",
		 "`detail` lists what exists. Ask for one of those, leave Accept out, or choose with the "
		 "parameter `format`, which wins over Accept."},
		{"Aucune représentation ne convient",
		 "Le champ d’en-tête Accept exclut toutes les représentations de cette adresse.",
		 "`detail` énumère celles qui existent. Demandez-en une, omettez Accept, ou choisissez "
		 "par le paramètre `format`, qui l’emporte sur Accept."},
		{"GET /v1/countries/NO\nAccept: image/png", "/v1/countries/NO", NULL,
		 "Accept allows nothing that exists here: application/json."}},
	[ERROR_GONE] = {
		410, "gone", "The record was retracted", NULL,
		{"The record was retracted",
		 "The record was published by mistake and has been taken out of the dataset. That is "
		 "not the same as a reservation that a State withdrew: such a reservation is still "
		 "answered, with its `withdrawn_on`.",
		 "`replaced_by`, when it is there, is the identifier of the record that took its place. "
		 "Drop what you keep of the old one."},
		{"L’enregistrement a été rétracté",
		 "L’enregistrement avait été publié par erreur et a été retiré des données. Il ne "
		 "s’agit pas d’une réserve retirée par un État : une telle réserve reste consultable, "
		 "avec son `withdrawn_on`.",
		 "`replaced_by`, s’il est présent, est l’identifiant de l’enregistrement qui le "
		 "remplace. Supprimez ce que vous conservez de l’ancien."},
		{"GET /v1/statements/XX-185-R-06", "/v1/statements/XX-185-R-06", NULL,
		 "This record was retracted."}},
	[ERROR_BODY_TOO_LARGE] = {
		413, "body-too-large", "The body is too large", NULL,
		{"The body is too large",
		 "A request body may have 65,536 bytes, at every address. Reading needs no body at all.",
		 "Send less, or leave the body out."},
		{"Le corps est trop grand",
		 "Le corps d’une requête peut avoir 65 536 octets, à toutes les adresses. La lecture "
		 "n’en demande aucun.",
		 "Envoyez moins, ou omettez le corps."},
		{"GET /v1/countries\nContent-Length: 70000", "/v1/countries", NULL,
		 "A body may have 65536 bytes."}},
	[ERROR_TARGET_TOO_LONG] = {
		414, "target-too-long", "The address is too long", NULL,
		{"The address is too long",
		 "Path and query may have 8,192 bytes together.",
		 "Ask for fewer values at once: a list filter takes up to 50."},
		{"L’adresse est trop longue",
		 "Le chemin et la requête peuvent avoir 8 192 octets ensemble.",
		 "Demandez moins de valeurs à la fois : un filtre en accepte jusqu’à 50."},
		{"GET /v1/countries?q=…", "/v1/countries", NULL,
		 "Path and query may have 8192 bytes together."}},
	[ERROR_UNSUPPORTED_TYPE] = {
		415, "unsupported-type", "The body's type is not supported", NULL,
		{"The body’s type is not supported",
		 "The body of a request must be JSON and say so.",
		 "Send JSON with Content-Type: application/json."},
		{"Le type du corps n’est pas pris en charge",
		 "Le corps d’une requête doit être du JSON et le déclarer.",
		 "Envoyez du JSON avec Content-Type: application/json."},
		{"POST …\nContent-Type: text/plain", "/v1", NULL,
		 "A body must be application/json."}},
	[ERROR_TOO_MANY_REQUESTS] = {
		429, "too-many-requests", "Too many requests", NULL,
		{"Too many requests",
		 "Your address has used up its allowance, which fills again evenly.",
		 "Ask again after the seconds in Retry-After. An answer that you have and name in "
		 "If-None-Match costs nothing when it is still good (304), and one page of a list costs as "
		 "much as one record: ask for lists."},
		{"Trop de requêtes",
		 "Votre adresse a épuisé son contingent, qui se remplit de nouveau régulièrement.",
		 "Redemandez après les secondes indiquées par Retry-After. Une réponse que vous avez et que "
		 "vous nommez dans If-None-Match ne coûte rien si elle est encore bonne (304), et une page "
		 "de liste coûte autant qu’un enregistrement : demandez des listes."},
		{"GET /v1/countries", "/v1/countries", NULL,
		 "A client may send 600 requests in 60 seconds; ask again in 3."}},
	[ERROR_FIELDS_TOO_LARGE] = {
		431, "fields-too-large", "The header is too large", NULL,
		{"The header is too large",
		 "A request may have 64 header fields with 16,384 bytes together.",
		 "Send fewer or shorter fields. Cookies of other programs on the same host are a common "
		 "cause; this service uses none."},
		{"L’en-tête est trop grand",
		 "Une requête peut avoir 64 champs d’en-tête de 16 384 octets ensemble.",
		 "Envoyez des champs moins nombreux ou plus courts. Les cookies d’autres programmes du "
		 "même hôte en sont souvent la cause ; ce service n’en utilise pas."},
		{"GET /v1/countries\nCookie: …", "/v1/countries", NULL,
		 "A request may have 64 header fields with 16384 bytes together."}},
	[ERROR_INTERNAL] = {
		500, "internal-error", "Something went wrong here",
		"The service failed; the reason is in its log.",
		{"Something went wrong here",
		 "The service failed. It is not the client’s fault.",
		 "Try again later. When it lasts, tell the operator the `request_id`: the reason stands "
		 "in the log under it."},
		{"Une erreur s’est produite ici",
		 "Le service a échoué. Le client n’y est pour rien.",
		 "Réessayez plus tard. Si cela persiste, donnez le `request_id` à l’exploitant : la "
		 "cause figure sous ce nom dans le journal."},
		{"GET /v1/countries", "/v1/countries", NULL,
		 "The service failed; the reason is in its log."}},
	[ERROR_UNKNOWN_METHOD] = {
		501, "unknown-method", "The method is unknown", NULL,
		{"The method is unknown",
		 "The method is not one of HTTP. Methods are compared with case: it is GET, not get.",
		 "Use a method of HTTP; OPTIONS says which ones an address has."},
		{"La méthode est inconnue",
		 "La méthode n’est pas une méthode de HTTP. La casse compte : c’est GET, et non get.",
		 "Utilisez une méthode de HTTP ; OPTIONS dit lesquelles une adresse accepte."},
		{"PROPFIND /v1/countries", "/v1/countries", NULL,
		 "'PROPFIND' is not a method of HTTP."}},
	[ERROR_UNAVAILABLE] = {
		503, "unavailable", "The service cannot answer now",
		"The service cannot answer now; ask again later.",
		{"The service cannot answer now",
		 "The service runs, but its database does not answer, or everything it has is busy.",
		 "Ask again after the seconds in Retry-After. What you keep of earlier answers is as "
		 "good as before."},
		{"Le service ne peut pas répondre maintenant",
		 "Le service fonctionne, mais sa base de données ne répond pas, ou tout ce dont il "
		 "dispose est occupé.",
		 "Redemandez après les secondes indiquées par Retry-After. Ce que vous conservez de "
		 "réponses antérieures reste valable."},
		{"GET /v1/countries", "/v1/countries", NULL,
		 "The service cannot answer now; ask again later."}},
};

/* clang-format on */

const struct problem_type *problem_type(enum error_kind kind)
{
	return (unsigned)kind < ERROR_KINDS ? &types[kind] : &types[ERROR_INTERNAL];
}
