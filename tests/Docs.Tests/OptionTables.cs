using System.Text;

namespace Orchestrator.Docs.Tests;

/// <summary>
/// Options as Markdown tables, those of objects within them after the table that names them; each
/// type once.
/// </summary>
internal sealed class OptionTables
{
    private readonly HashSet<OptionType> written = [];
    private readonly StringBuilder text = new();

    /// <summary>The tables of a record and of everything within it.</summary>
    /// <param name="record">The record.</param>
    /// <param name="path">Where it stands, such as <c>workers</c>; empty for the outermost.</param>
    public static string Of(RecordType record, string path = "")
    {
        var tables = new OptionTables();
        tables.Table(record, path);
        return tables.text.ToString();
    }

    private void Table(RecordType record, string path)
    {
        if (!written.Add(record))
        {
            return;
        }

        if (record.Options.Count > 0)
        {
            text.Append("| option | type | range | default | meaning |\n|---|---|---|---|---|\n");
            foreach (var option in record.Options)
            {
                text.Append($"| `{option.Name}` | {TypeOf(option)} | {option.Range?.Text} | {Default(option)} | {Cell(option.Description)} |\n");
            }

            text.Append('\n');
        }

        foreach (var option in record.Options)
        {
            Within(option.Type, path.Length == 0 ? option.Name : $"{path}.{option.Name}");
        }
    }

    private void Within(OptionType type, string path)
    {
        switch (type)
        {
            case ListType list:
                Within(list.Element, path + "[]");
                break;
            case MapType map:
                Within(map.Element, path + ".NAME");
                break;
            case RecordType record when !written.Contains(record):
                text.Append($"`{path}`:\n\n");
                Table(record, path);
                break;
            case SectionType { Common: { } common } when !written.Contains(common):
                text.Append($"`{path}`, beside `type` and the plugin's own options:\n\n");
                Table(common, path);
                break;
            case VariantType variant when written.Add(variant):
                Branches(variant, path);
                break;
        }
    }

    private void Branches(VariantType variant, string path)
    {
        text.Append(Prose.Wrap($"`{path}`: its `type` is one of {string.Join(", ", variant.Branches.Select(b => $"`{b.Word}`"))}.")).Append("\n\n");
        foreach (var branch in variant.Branches.Where(b => b.Options.Options.Count > 0))
        {
            text.Append($"`{path}` of type `{branch.Word}`:\n\n");
            Table(branch.Options, path);
        }
    }

    private static string TypeOf(OptionDescription option) => Cell(option.Type.Text) + (option.IsNullable ? " or null" : "");

    private static string Default(OptionDescription option) => option switch
    {
        { IsRequired: true } => "required",
        { DefaultJson: { } json } => $"`{json}`",
        _ => "",
    };

    private static string Cell(string value) => value.Replace("|", "\\|", StringComparison.Ordinal);
}
