import { AppError } from '../domain/errors';
import type { SampleModel } from '../domain/sample';
import { patientFetch } from './patient-fetch';
import { decodePicture } from './sample-picture';

const FOLDER = './samples/';
const VERSION = 1;

/** The list of bundled models. */
export async function loadSamples(): Promise<SampleModel[]> {
  const body = await get('manifest.json', 'the list of sample models');
  const manifest = JSON.parse(new TextDecoder().decode(body)) as { version: number; models: SampleModel[] };
  if (manifest.version !== VERSION) {
    throw new AppError(
      'unreadable',
      `The list of sample models has version ${manifest.version} where ${VERSION} is known; reload the page to get matching parts.`,
    );
  }
  return manifest.models.map((sample) => ({ ...sample, picture: decodePicture(sample.picture) }));
}

/** One bundled model as a file. */
export async function fetchSample(sample: SampleModel, signal: AbortSignal): Promise<File> {
  return new File([await get(sample.file, `the sample “${sample.title}”`, signal)], sample.file);
}

async function get(path: string, what: string, signal?: AbortSignal): Promise<ArrayBuffer> {
  try {
    const { response, body } = await patientFetch(FOLDER + path, signal);
    if (response.ok) return body;
    throw new AppError(
      'unreadable',
      `The server answered ${response.status} for ${what}; reload the page or drop a file of your own.`,
      {
        path: FOLDER + path,
        status: response.status,
      },
    );
  } catch (error) {
    if (error instanceof AppError || signal?.aborted) throw error;
    throw new AppError(
      'unreadable',
      `Could not load ${what}; check that the page’s server can be reached, or drop a file of your own.`,
      { path: FOLDER + path },
      error,
    );
  }
}
