// Starts the reference on its page, on the contract of this service and for calls to this service.
'use strict';

(() => {
  const place = document.getElementById('reference');
  const root = new URL('.', location.href);
  const dark = matchMedia('(prefers-color-scheme: dark)');
  const paint = () => document.documentElement.classList.toggle('dark-mode', dark.matches);

  const show = (contract) => {
    // Behind a proxy that adds a prefix, calls go below it, as this page does.
    contract.servers = [{ url: root.pathname.replace(/\/$/, '') || '/' }];
    // The page says these itself.
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
    .then((answer) => (answer.ok ? answer.json() : Promise.reject(answer.status)))
    .then(show)
    .catch(fail);
})();
