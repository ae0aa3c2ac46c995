using Orchestrator.Networks;

namespace Orchestrator.Models;

/// <summary>
/// The tiles of 2x2 places that cover an image, line by line; the last of a line or column may
/// reach beyond its edge.
/// </summary>
/// <param name="height">Lines of the image.</param>
/// <param name="width">Places per line.</param>
/// <param name="atOnce">Tiles that are worked on together, at most.</param>
internal sealed class WinogradTiles(int height, int width, int atOnce)
{
    /// <summary>Places along a tile's side.</summary>
    public const int Side = 2;

    /// <summary>
    /// Places along the side of what a tile's sums read, and of the transformed tile.
    /// </summary>
    public const int Reach = 4;

    /// <summary>Values of a transformed tile.</summary>
    public const int Points = Reach * Reach;

    private readonly int perLine = (width + 1) / Side;

    public int Count => perLine * ((height + 1) / Side);

    public int Blocks => Tiling.PiecesOf(Count, atOnce);

    public int LargestBlock => (Count + Blocks - 1) / Blocks;

    /// <summary>Lines of tiles that one block can touch.</summary>
    public int LargestSpan => Math.Min((height + 1) / Side, ((LargestBlock - 2 + perLine) / perLine) + 1);

    /// <summary>Neighbouring tiles that are worked on together.</summary>
    public Piece Block(int index) => Tiling.Cut(Count, Blocks, index);

    /// <summary>A tile's first line and first place in it.</summary>
    public (int Line, int Place) Corner(int tile) => (tile / perLine * Side, tile % perLine * Side);
}

/// <summary>Finds the places of a small square in one chunk of an activation.</summary>
/// <param name="Volume">The activation's.</param>
/// <param name="PlaceFloats">Floats from one place to the next.</param>
/// <param name="HeldLines">Lines in memory, in turn; all of them if the whole image is.</param>
internal readonly record struct PlaceFinder(Volume Volume, nint PlaceFloats, int HeldLines)
{
    /// <summary>
    /// The square's places line by line; <paramref name="outside"/> for those beyond an edge.
    /// </summary>
    public unsafe void Find(float* image, (int Line, int Place) corner, int side, float* outside, float** places)
    {
        for (var line = corner.Line; line < corner.Line + side; line++)
        {
            var isInside = (uint)line < (uint)Volume.Height;
            var start = isInside ? image + ((nint)(line % HeldLines) * Volume.Width * PlaceFloats) : outside;
            for (var place = corner.Place; place < corner.Place + side; place++)
            {
                *places++ = isInside && (uint)place < (uint)Volume.Width ? start + (place * PlaceFloats) : outside;
            }
        }
    }
}
