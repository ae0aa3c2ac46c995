using Orchestrator.Composition;

namespace Orchestrator.Sweeps;

/// <summary>
/// The mistakes of a sweep and of all its cells, each told once however many cells have it.
/// </summary>
internal sealed class SweepMistakes
{
    private const int MostTold = 100;

    private readonly List<Mistake> own = [];
    private readonly OrderedDictionary<(string Path, string Message), Found> ofCells = [];

    public bool Any => own.Count > 0 || ofCells.Count > 0;

    public void Add(Origin origin, string path, string message) => own.Add(new Mistake(origin.ToString(), path, message));

    public void Add(IEnumerable<Mistake> mistakes) => own.AddRange(mistakes);

    /// <summary>What is wrong with one cell's pipeline.</summary>
    public void AddOf(string cell, IEnumerable<Mistake> mistakes)
    {
        foreach (var mistake in mistakes)
        {
            if (!ofCells.TryGetValue((mistake.Path, mistake.Message), out var found))
            {
                ofCells.Add((mistake.Path, mistake.Message), found = new Found(mistake, cell));
            }

            found.Cells++;
            found.Places.TryAdd(mistake.Where, true);
        }
    }

    /// <summary>All of them; those of cells say in which, unless all cells have them.</summary>
    public IReadOnlyList<Mistake> ToList(int cells)
    {
        List<Mistake> all = [.. own.Distinct(), .. ofCells.Values.Select(found => found.Told(cells))];
        return all.Count <= MostTold ? all : [.. all.Take(MostTold), new Mistake(all[MostTold].Where, "", $"and {all.Count - MostTold} more mistakes")];
    }

    private sealed class Found(Mistake mistake, string firstCell)
    {
        private const int MostPlaces = 4;

        public int Cells { get; set; }

        public OrderedDictionary<string, bool> Places { get; } = [];

        public Mistake Told(int cells)
        {
            var others = Places.Keys.Skip(1).ToList();
            var also = others.Count == 0 ? "" : $"; also at {string.Join(", ", others.Take(MostPlaces))}{(others.Count > MostPlaces ? ", ..." : "")}";
            var where = Cells == cells ? "" : Cells == 1 ? $" (in the cell {firstCell})" : $" (in {Cells} of {cells} cells, first in {firstCell})";
            return mistake with { Message = mistake.Message + also + where };
        }
    }
}
