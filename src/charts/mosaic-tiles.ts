import { TILE, TileRaster, type MosaicSource } from './mosaic-raster';
import { mipLevel, type MosaicView, type Viewport } from './mosaic-view';

interface Tile {
  raster: TileRaster | null;
  /** Present when done. */
  image: OffscreenCanvas | null;
  usedAt: number;
}

/** A tile and where it lies, in device pixels. */
export interface PlacedTile {
  level: number;
  x: number;
  y: number;
  left: number;
  top: number;
  size: number;
}

/** 160 tiles of 256 kB: a 4K screen several times over. */
const MOST_TILES = 160;

/** A clock that has run out `budgetMs` from now. */
export function within(budgetMs: number): () => boolean {
  const until = performance.now() + budgetMs;
  return () => performance.now() > until;
}

/** The tiles that cover the viewport at a scale of `pixelRatio` device pixels a CSS pixel, nearest to its centre first. */
export function visibleTiles(
  extent: { width: number; height: number },
  view: MosaicView,
  viewport: Viewport,
  pixelRatio: number,
): PlacedTile[] {
  const scale = view.scale * pixelRatio;
  const level = mipLevel(scale);
  const span = TILE * 2 ** level;
  const right = Math.min(extent.width, view.x + viewport.width / view.scale);
  const bottom = Math.min(extent.height, view.y + viewport.height / view.scale);
  const tiles: PlacedTile[] = [];
  for (let y = Math.floor(view.y / span); y * span < bottom; y++) {
    for (let x = Math.floor(view.x / span); x * span < right; x++) {
      tiles.push({
        level,
        x,
        y,
        left: (x * span - view.x) * scale,
        top: (y * span - view.y) * scale,
        size: span * scale,
      });
    }
  }
  const offCentre = (tile: PlacedTile) =>
    Math.hypot(
      tile.left + tile.size / 2 - (viewport.width * pixelRatio) / 2,
      tile.top + tile.size / 2 - (viewport.height * pixelRatio) / 2,
    );
  return tiles.sort((a, b) => offCentre(a) - offCentre(b));
}

/** Tiles of one mosaic, made in slices of time and kept while there is room. */
export class TileCache {
  readonly #tiles = new Map<string, Tile>();
  #clock = 0;

  readonly #source: MosaicSource;

  constructor(source: MosaicSource) {
    this.#source = source;
  }

  /** Works on the missing ones of `placed` until `expired`; returns whether all are there. */
  prepare(placed: readonly PlacedTile[], expired: () => boolean): boolean {
    this.#clock++;
    for (const place of placed) this.#tile(place).usedAt = this.#clock;
    this.#evict();
    for (const place of placed) {
      const tile = this.#tile(place);
      if (tile.image) continue;
      tile.raster ??= new TileRaster(this.#source, place.level, place.x, place.y);
      tile.raster.advance(expired);
      if (!tile.raster.done) return false;
      finish(tile);
    }
    return true;
  }

  /** Draws what is there; for a tile still in the making, the part of a coarser one. */
  draw(context: CanvasRenderingContext2D, placed: readonly PlacedTile[]): void {
    for (const place of placed) {
      const image = this.#tiles.get(key(place))?.image;
      context.imageSmoothingEnabled = place.size < TILE;
      if (image) context.drawImage(image, place.left, place.top, place.size, place.size);
      else this.#drawCoarser(context, place);
    }
  }

  #drawCoarser(context: CanvasRenderingContext2D, place: PlacedTile): void {
    for (let up = 1; up <= 6; up++) {
      const factor = 2 ** up;
      const parent = {
        level: place.level + up,
        x: Math.floor(place.x / factor),
        y: Math.floor(place.y / factor),
      };
      const image = this.#tiles.get(key(parent))?.image;
      if (!image) continue;
      const side = TILE / factor;
      const left = (place.x - parent.x * factor) * side;
      const top = (place.y - parent.y * factor) * side;
      context.drawImage(image, left, top, side, side, place.left, place.top, place.size, place.size);
      return;
    }
  }

  #tile(place: PlacedTile): Tile {
    const name = key(place);
    let tile = this.#tiles.get(name);
    if (!tile) this.#tiles.set(name, (tile = { raster: null, image: null, usedAt: 0 }));
    return tile;
  }

  #evict(): void {
    if (this.#tiles.size <= MOST_TILES) return;
    const oldest = [...this.#tiles].sort((a, b) => a[1].usedAt - b[1].usedAt);
    for (const [name, tile] of oldest) {
      if (this.#tiles.size <= MOST_TILES || tile.usedAt === this.#clock) return;
      this.#tiles.delete(name);
    }
  }
}

function key(place: Pick<PlacedTile, 'level' | 'x' | 'y'>): string {
  return `${place.level}/${place.x}/${place.y}`;
}

function finish(tile: Tile): void {
  const image = new OffscreenCanvas(TILE, TILE);
  const bytes = new Uint8ClampedArray(tile.raster!.pixels.buffer);
  image.getContext('2d')!.putImageData(new ImageData(bytes, TILE, TILE), 0, 0);
  tile.image = image;
  tile.raster = null;
}
