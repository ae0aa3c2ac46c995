using System.Text;

namespace Orchestrator.Statistics.Tables;

/// <summary>A grid as a LaTeX table; it wants the package booktabs.</summary>
internal static class LatexGrid
{
    public static string Render(Grid grid)
    {
        var text = new StringBuilder("\\begin{table}\n\\centering\n\\begin{tabular}{");
        text.AppendJoin("", grid.Columns.Select(c => c.IsNumber ? "r" : "l")).Append("}\n\\toprule\n");
        Line(text, grid.Columns.Select(c => c.Heading));
        text.Append("\\midrule\n");
        foreach (var row in grid.Rows)
        {
            Line(text, row);
        }

        text.Append("\\bottomrule\n\\end{tabular}\n\\caption{");
        return text.AppendJoin('\n', TextGrid.Wrap(Escape(grid.Caption), 100, "")).Append("}\n\\end{table}\n").ToString();
    }

    private static void Line(StringBuilder text, IEnumerable<string> cells) => text.AppendJoin(" & ", cells.Select(Escape)).Append(" \\\\\n");

    private static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length);
        foreach (var c in text)
        {
            escaped.Append(c switch
            {
                '&' or '%' or '$' or '#' or '_' or '{' or '}' => $"\\{c}",
                '~' => "\\textasciitilde{}",
                '^' => "\\textasciicircum{}",
                '\\' => "\\textbackslash{}",
                '<' => "\\textless{}",
                '>' => "\\textgreater{}",
                '±' => "$\\pm$",
                '\n' or '\r' => " ",
                _ => c.ToString(),
            });
        }

        return escaped.ToString();
    }
}
