namespace Orchestrator.Models;

/// <summary>A run of a tile's rows or columns.</summary>
internal readonly record struct Piece(int Start, int Length)
{
    public int End => Start + Length;

    public Piece Intersect(Piece other)
    {
        var (start, end) = (Math.Max(Start, other.Start), Math.Min(End, other.End));
        return new Piece(start, Math.Max(0, end - start));
    }
}

/// <summary>
/// Cuts rows and columns exactly into register tiles, so that no sum is computed twice and nothing
/// is written beyond an edge.
/// </summary>
internal static class Tiling
{
    private static readonly int[] RowSizes = [8, 6, 4, 2, 1];

    /// <summary>All rows in pieces of <see cref="NextRows"/>.</summary>
    public static Piece[] Rows(int count, int registers)
    {
        var pieces = new List<Piece>();
        for (var start = 0; start < count; start += pieces[^1].Length)
        {
            pieces.Add(new Piece(start, NextRows(count - start, registers)));
        }

        return [.. pieces];
    }

    /// <summary>
    /// The next piece's length where so many rows remain; 8, 6, 4, 2 or 1; with few registers at
    /// most 6, or 4 where that divides the rest.
    /// </summary>
    public static int NextRows(int remaining, int registers)
    {
        var largest = registers >= 32 ? 8 : remaining % 4 == 0 ? 4 : 6;
        foreach (var size in RowSizes)
        {
            if (size <= largest && size <= remaining)
            {
                return size;
            }
        }

        return 1;
    }

    /// <summary>
    /// Columns beside which one operand row and one factor still fit the registers.
    /// </summary>
    public static int WidestColumns(int rows, int registers) => Math.Min(4, (registers - 1) / (rows + 1));

    public static int PiecesOf(int count, int widest) => (count + widest - 1) / widest;

    /// <summary>
    /// Piece <paramref name="index"/> of <paramref name="pieces"/>, whose lengths differ by at most
    /// one.
    /// </summary>
    public static Piece Cut(int count, int pieces, int index)
    {
        var start = (int)((long)count * index / pieces);
        return new Piece(start, (int)((long)count * (index + 1) / pieces) - start);
    }
}
