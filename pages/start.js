// Starts Swagger UI with the contract of this service; calls go to this service.
'use strict';

(() => {
  const place = document.getElementById('reference');
  const root = new URL('.', location.href);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);

  const show = (contract) => {
    // A proxy may add a prefix: calls use the prefix of this page.
    contract.servers = [{ url: root.pathname.replace(/\/$/, '') || '/' }];
    // The page already shows the summary and the first paragraph.
    delete contract.info.summary;
    contract.info.description = contract.info.description.replace(/^.*?\n\n/s, '');
    SwaggerUIBundle({
      spec: contract,
      domNode: place,
      deepLinking: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      defaultModelsExpandDepth: 0,
      filter: true,
      queryConfigEnabled: false,
      supportedSubmitMethods: ['get'],
      tryItOutEnabled: true,
      validatorUrl: null,
    });
  };

  const fail = (reason) => {
    console.error(reason);
    place.textContent = place.dataset.failed;
  };

  paint();
  dark.addEventListener('change', paint);
  fetch(new URL('openapi.json', root))
    .then((response) => (response.ok ? response.json() : Promise.reject(response.status)))
    .then(show)
    .catch(fail);
})();
