import { dirname, relative, resolve, sep } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');

/**
 * An ESLint rule that holds every import of a file in src, static or dynamic, of values or types, to what its folder may
 * import. Options: `folders`, the folders of src by what each may import from beside itself; `gates`, packages (by prefix)
 * that only some folders may import.
 */
export const directions = {
  meta: { type: 'problem', schema: [{ type: 'object' }] },
  create(context) {
    const [{ folders, gates }] = context.options;
    const folder = folderOf(context.filename);
    if (folder === null) return {};
    const allowed = folders[folder];
    if (!allowed) {
      return {
        Program: (node) =>
          context.report({ node, message: `src/${folder} has no import direction in eslint.config.js.` }),
      };
    }

    function check(node, source) {
      if (typeof source !== 'string') return;
      if (/^[./]/.test(source)) {
        const path = source.startsWith('/')
          ? resolve(ROOT, `.${source}`)
          : resolve(dirname(context.filename), source);
        const target = folderOf(path);
        if (target === folder || allowed.includes(target)) return;
        const message = `src/${folder} may import only from ${[folder, ...allowed].join(', ')}.`;
        context.report({ node, message });
      } else {
        const gate = gates.find(({ packages }) => packages.some((prefix) => source.startsWith(prefix)));
        if (!gate || gate.folders.includes(folder)) return;
        context.report({
          node,
          message: `${source} is imported only in src/${gate.folders.join(', src/')}.`,
        });
      }
    }

    const visit = (node) => check(node, node.source?.value);
    return {
      ImportDeclaration: visit,
      ExportNamedDeclaration: visit,
      ExportAllDeclaration: visit,
      ImportExpression: visit,
    };
  },
};

/** The folder of src a path lies in; null outside src, '' for files of src itself. */
function folderOf(path) {
  const parts = relative(ROOT, path).split(sep);
  if (parts[0] !== 'src') return null;
  return parts.length > 2 || !/\.\w+$/.test(path) ? (parts[1] ?? '') : '';
}
