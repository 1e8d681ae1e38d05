import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { analysed, chooseFiles, openApp } from './support';

test('neither the page nor a worker can reach another origin, and WebAssembly still runs', async ({
  page,
}) => {
  let calls = 0;
  const server = createServer((_request, response) => {
    calls++;
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const elsewhere = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const reach = (url: string) =>
    fetch(url, { mode: 'no-cors' }).then(
      () => 'sent',
      () => 'refused',
    );
  try {
    expect(await reach(elsewhere)).toBe('sent');
    expect(calls).toBe(1);

    await openApp(page, '#backend=cpu');
    await chooseFiles(page, 'public/samples/fractal-resnet.onnx');
    await analysed(page);
    await expect(page.getByRole('region', { name: 'Facts' })).toContainText('WebAssembly SIMD');

    expect(await page.evaluate(reach, elsewhere)).toBe('refused');
    expect(page.workers().length).toBeGreaterThan(0);
    for (const worker of page.workers()) expect(await worker.evaluate(reach, elsewhere)).toBe('refused');
    expect(calls).toBe(1);
  } finally {
    server.close();
  }
});
