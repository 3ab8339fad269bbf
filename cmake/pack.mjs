// Compresses files for embedding: pack.mjs PREFIX FILE...
//
// Concatenates the files and writes PREFIX-plain.bin, PREFIX-gzip.bin and PREFIX-br.bin. The output is
// reproducible.
import { readFileSync, writeFileSync } from 'node:fs';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const [, , prefix, ...files] = process.argv;
// No source map is shipped, so the references to them are removed.
const text = files
  .map((file) => readFileSync(file, 'utf8').replace(/\s*\/[/*]# sourceMappingURL=.*\s*$/, '\n'))
  .join('\n');
const bytes = Buffer.from(text);

writeFileSync(`${prefix}-plain.bin`, bytes);
writeFileSync(`${prefix}-gzip.bin`, gzipSync(bytes, { level: 9 }));
writeFileSync(
  `${prefix}-br.bin`,
  brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
);
