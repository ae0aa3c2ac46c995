using System.Text;
using Orchestrator.RunFolders;

namespace Orchestrator.Reports;

/// <summary>Figures for a paper in a folder, with their captions in <c>captions.md</c>.</summary>
/// <param name="path">The folder; it is made where it is not there.</param>
public sealed class FigureFolder(string path)
{
    private readonly StringBuilder captions = new();
    private readonly List<string> files = [];

    /// <summary>What was written, full paths.</summary>
    public IReadOnlyList<string> Files => files;

    /// <summary>Draws figures and adds their captions.</summary>
    /// <param name="name">What their files' names begin with.</param>
    /// <param name="plots">The figures.</param>
    /// <exception cref="RecorderException">One cannot be written.</exception>
    internal void Write(string name, IEnumerable<Plot> plots)
    {
        foreach (var plot in plots)
        {
            Write($"{name}-{plot.Name}.svg", Svg.Draw(plot), plot.Caption);
        }
    }

    /// <summary>Adds one figure with its caption.</summary>
    /// <param name="file">Its file's name.</param>
    /// <param name="drawing">SVG.</param>
    /// <param name="caption">What it shows.</param>
    /// <exception cref="RecorderException">It cannot be written.</exception>
    internal void Write(string file, string drawing, string caption)
    {
        Directory.CreateDirectory(path);
        Put(file, drawing);
        captions.Append($"**{file}** {caption}\n\n");
        Put("captions.md", captions.ToString());
    }

    private void Put(string file, string text)
    {
        var full = Path.GetFullPath(Path.Combine(path, file));
        WholeFile.Write(full, Encoding.UTF8.GetBytes(text));
        if (!files.Contains(full))
        {
            files.Add(full);
        }
    }
}
