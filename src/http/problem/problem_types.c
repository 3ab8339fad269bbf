#include "http/problem/problem.h"

#include "base/banned.h"

/* Prose, wrapped by hand. */
/* clang-format off */

static const struct problem_type types[ERROR_KINDS] = {
	[ERROR_BAD_REQUEST] = {
		400, "bad-request", "The request is invalid", NULL,
		{"The request is invalid",
		 "Part of the request is not valid at this address. The service checks queries "
		 "strictly: unknown parameters, repeated parameters and empty values are errors "
		 "too, so that a typing mistake never changes a response unnoticed.",
		 "Read `errors`: it lists every invalid parameter with the accepted values. "
		 "Correct the request; repeating it unchanged will fail again."},
		{"La requête n’est pas valide",
		 "Un élément de la requête n’est pas valide à cette adresse. Le service contrôle "
		 "strictement les requêtes : un paramètre inconnu, un paramètre répété ou une "
		 "valeur vide sont également des erreurs, afin qu’une faute de frappe ne modifie "
		 "jamais une réponse à votre insu.",
		 "Consultez `errors` : ce membre énumère tous les paramètres erronés et les "
		 "valeurs acceptées. Corrigez la requête ; la renvoyer telle quelle échouera de "
		 "nouveau."},
		{"GET /v1?lang=xx", "/v1", "lang", "'xx' is not one of: en, fr."}},
	[ERROR_NOT_FOUND] = {
		404, "not-found", "Not found", NULL,
		{"Not found",
		 "There is no resource at this address, or no record has this identifier. A known "
		 "country without records in a section returns an empty list with status 200 "
		 "instead.",
		 "Compare the address with those listed at /v1. Take identifiers from lists and "
		 "from `links`, unchanged."},
		{"Ressource introuvable",
		 "Aucune ressource n’existe à cette adresse, ou aucun enregistrement ne porte cet "
		 "identifiant. Pour un pays connu dont une section est vide, la réponse est une "
		 "liste vide, avec le statut 200.",
		 "Comparez l’adresse avec celles qu’énumère /v1. Reprenez tels quels les "
		 "identifiants des listes et de `links`."},
		{"GET /v1/countries/ZZ", "/v1/countries/ZZ", NULL,
		 "'ZZ' is not a country code: alpha-2 (NO), alpha-3 (NOR) or numeric (578) of ISO 3166-1; "
		 "/v1/countries lists them all."}},
	[ERROR_WRONG_METHOD] = {
		405, "method-not-allowed", "Method not allowed", NULL,
		{"Method not allowed",
		 "The resource exists, but it does not support this method.",
		 "The response field Allow lists the supported methods. Use GET for everything "
		 "that can be read."},
		{"Méthode non autorisée",
		 "La ressource existe, mais n’accepte pas cette méthode.",
		 "Le champ Allow de la réponse énumère les méthodes acceptées. Toute lecture se "
		 "fait avec GET."},
		{"DELETE /v1/countries", "/v1/countries", NULL,
		 "This address has the methods GET, HEAD, OPTIONS."}},
	[ERROR_NOT_ACCEPTABLE] = {
		406, "not-acceptable", "No acceptable representation", NULL,
		{"No acceptable representation",
		 "The request field Accept excludes every representation of this resource.",
		 "`detail` lists the available representations. Request one of them, omit Accept, "
		 "or use the parameter `format`, which overrides Accept."},
		{"Aucune représentation acceptable",
		 "Le champ Accept de la requête exclut toutes les représentations de cette "
		 "ressource.",
		 "`detail` énumère les représentations disponibles. Demandez l’une d’elles, "
		 "omettez Accept ou utilisez le paramètre `format`, qui prime sur Accept."},
		{"GET /v1/countries/NO\nAccept: image/png", "/v1/countries/NO", NULL,
		 "Accept allows none of the available formats: application/json."}},
	[ERROR_GONE] = {
		410, "gone", "The record was retracted", NULL,
		{"The record was retracted",
		 "The record was published by mistake and has been removed from the dataset. This "
		 "differs from a reservation that a State withdrew: such a reservation remains "
		 "available, with its `withdrawn_on`.",
		 "`replaced_by`, if present, is the identifier of the record that replaces it. "
		 "Delete any copy of the old record."},
		{"L’enregistrement a été supprimé",
		 "L’enregistrement avait été publié par erreur et a été supprimé du jeu de "
		 "données. Il ne faut pas le confondre avec une réserve retirée par un État : "
		 "celle-ci reste consultable, avec son `withdrawn_on`.",
		 "`replaced_by`, s’il est présent, est l’identifiant de l’enregistrement qui le "
		 "remplace. Supprimez toute copie de l’ancien enregistrement."},
		{"GET /v1/statements/XX-185-R-06", "/v1/statements/XX-185-R-06", NULL,
		 "This record was retracted."}},
	[ERROR_LENGTH_REQUIRED] = {
		411, "length-required", "Length required", NULL,
		{"Length required",
		 "The request announces a chunked body. This service accepts only bodies with "
		 "Content-Length.",
		 "Send Content-Length instead of Transfer-Encoding. Most HTTP libraries do so if the "
		 "whole body is available before sending."},
		{"Longueur requise",
		 "La requête annonce un corps envoyé par morceaux (chunked). Ce service n’accepte que "
		 "les corps accompagnés de Content-Length.",
		 "Envoyez Content-Length au lieu de Transfer-Encoding. La plupart des bibliothèques "
		 "HTTP le font si le corps entier est disponible avant l’envoi."},
		{"POST …\nTransfer-Encoding: chunked", "/v1", NULL,
		 "A body needs Content-Length; chunked bodies are not accepted."}},
	[ERROR_BODY_TOO_LARGE] = {
		413, "body-too-large", "Request body too large", NULL,
		{"Request body too large",
		 "A request body may have at most 65,536 bytes, at every address. Reading "
		 "requires no body.",
		 "Send a smaller body, or none."},
		{"Corps de requête trop volumineux",
		 "Le corps d’une requête est limité à 65 536 octets, quelle que soit l’adresse. "
		 "La lecture n’exige aucun corps.",
		 "Envoyez un corps plus petit, ou n’en envoyez pas."},
		{"GET /v1/countries\nContent-Length: 70000", "/v1/countries", NULL,
		 "A body may have 65536 bytes."}},
	[ERROR_TARGET_TOO_LONG] = {
		414, "target-too-long", "Request target too long", NULL,
		{"Request target too long",
		 "Path and query may have at most 8,192 bytes together.",
		 "Request fewer values at a time: a list filter accepts up to 50."},
		{"Adresse trop longue",
		 "Le chemin et les paramètres sont limités à 8 192 octets au total.",
		 "Demandez moins de valeurs à la fois : un filtre de liste en accepte jusqu’à 50."},
		{"GET /v1/countries?q=…", "/v1/countries", NULL,
		 "Path and query may have 8192 bytes together."}},
	[ERROR_UNSUPPORTED_TYPE] = {
		415, "unsupported-type", "Unsupported media type", NULL,
		{"Unsupported media type",
		 "A request body must be JSON and be declared as such.",
		 "Send JSON with Content-Type: application/json."},
		{"Type de contenu non pris en charge",
		 "Le corps d’une requête doit être en JSON et déclaré comme tel.",
		 "Envoyez du JSON avec Content-Type: application/json."},
		{"POST …\nContent-Type: text/plain", "/v1", NULL,
		 "A body must be application/json."}},
	[ERROR_TOO_MANY_REQUESTS] = {
		429, "too-many-requests", "Too many requests", NULL,
		{"Too many requests",
		 "Your address has exceeded its rate limit. The allowance refills continuously.",
		 "Wait for the number of seconds in Retry-After. Requests with If-None-Match that "
		 "return 304 do not count, and a page of a list counts as much as a single "
		 "record: prefer lists."},
		{"Trop de requêtes",
		 "Votre adresse a dépassé le nombre de requêtes autorisé. Ce quota se reconstitue "
		 "progressivement.",
		 "Attendez le nombre de secondes indiqué par Retry-After. Les requêtes avec "
		 "If-None-Match dont la réponse est 304 ne sont pas décomptées, et une page de "
		 "liste compte autant qu’un seul enregistrement : préférez les listes."},
		{"GET /v1/countries", "/v1/countries", NULL,
		 "A client may send 600 requests in 60 seconds; try again in 3."}},
	[ERROR_FIELDS_TOO_LARGE] = {
		431, "fields-too-large", "Request fields too large", NULL,
		{"Request fields too large",
		 "A request may have at most 64 header fields, with 16,384 bytes in total.",
		 "Send fewer or shorter fields. A common cause is cookies of other applications "
		 "on the same host; this service uses none."},
		{"Champs d’en-tête trop volumineux",
		 "Une requête est limitée à 64 champs d’en-tête et à 16 384 octets au total.",
		 "Envoyez moins de champs, ou des champs plus courts. La cause est souvent la "
		 "présence de cookies d’autres applications du même hôte ; ce service n’en "
		 "utilise aucun."},
		{"GET /v1/countries\nCookie: …", "/v1/countries", NULL,
		 "A request may have 64 header fields with 16384 bytes together."}},
	[ERROR_INTERNAL] = {
		500, "internal-error", "Internal error",
		"The service failed; the reason is in its log.",
		{"Internal error",
		 "The service failed. The request is not the cause.",
		 "Try again later. If the error persists, send the `request_id` to the operator, "
		 "who can find the cause in the log."},
		{"Erreur interne",
		 "Le service a échoué. La requête n’est pas en cause.",
		 "Réessayez plus tard. Si l’erreur persiste, communiquez le `request_id` à "
		 "l’exploitant, qui trouvera la cause dans le journal."},
		{"GET /v1/countries", "/v1/countries", NULL,
		 "The service failed; the reason is in its log."}},
	[ERROR_UNKNOWN_METHOD] = {
		501, "unknown-method", "Unknown method", NULL,
		{"Unknown method",
		 "This is not an HTTP method that the service knows. Methods are case-sensitive: "
		 "GET, not get.",
		 "Use a standard HTTP method; OPTIONS returns those that a resource supports."},
		{"Méthode inconnue",
		 "Cette méthode HTTP est inconnue du service. Les méthodes sont sensibles à la "
		 "casse : GET, et non get.",
		 "Utilisez une méthode HTTP standard ; OPTIONS renvoie celles qu’une ressource "
		 "accepte."},
		{"PROPFIND /v1/countries", "/v1/countries", NULL,
		 "'PROPFIND' is not a method of HTTP."}},
	[ERROR_UNAVAILABLE] = {
		503, "unavailable", "Service unavailable",
		"The service is temporarily unavailable; try again later.",
		{"Service unavailable",
		 "The service is running, but its database does not respond or all its resources "
		 "are in use.",
		 "Wait for the number of seconds in Retry-After, then try again. Earlier "
		 "responses that you cached remain usable."},
		{"Service indisponible",
		 "Le service fonctionne, mais sa base de données ne répond pas ou toutes ses "
		 "ressources sont occupées.",
		 "Attendez le nombre de secondes indiqué par Retry-After, puis réessayez. Les "
		 "réponses que vous avez conservées restent utilisables."},
		{"GET /v1/countries", "/v1/countries", NULL,
		 "The service is temporarily unavailable; try again later."}},
	[ERROR_VERSION_UNSUPPORTED] = {
		505, "version-unsupported", "HTTP version not supported", NULL,
		{"HTTP version not supported",
		 "The service supports HTTP/1.1 and HTTP/1.0.",
		 "Use HTTP/1.1. A reverse proxy in front of the service can offer newer versions."},
		{"Version de HTTP non prise en charge",
		 "Le service prend en charge HTTP/1.1 et HTTP/1.0.",
		 "Utilisez HTTP/1.1. Un serveur mandataire inverse placé devant le service peut "
		 "proposer des versions plus récentes."},
		{"GET /v1 HTTP/1.2", "/v1", NULL,
		 "The HTTP versions of this service are 1.1 and 1.0."}},
};

/* clang-format on */

const struct problem_type *problem_type(enum error_kind kind)
{
	return (unsigned)kind < ERROR_KINDS ? &types[kind] : &types[ERROR_INTERNAL];
}
