namespace Orchestrator.RunFolders;

/// <summary>An assembly of the program that results depend on, as a run had it.</summary>
/// <param name="Assembly">Simple name.</param>
/// <param name="Version">Of the assembly.</param>
/// <param name="Files">Hexadecimal SHA-256 of the file.</param>
/// <param name="Code">Hexadecimal SHA-256 of what it computes: the same for the compiler's output
/// and for what was compiled ahead from it.</param>
/// <param name="IsCompiledAhead">Whether the file holds machine code too.</param>
public sealed record RecordedAssembly(string Assembly, string Version, string Files, string Code, bool IsCompiledAhead);

/// <summary>A plugin that a run used, as it was when it was loaded.</summary>
/// <param name="Kind">In kebab-case.</param>
/// <param name="Name">As the pipeline names it.</param>
/// <param name="Assembly">Simple name of its assembly.</param>
/// <param name="Version">Of the assembly.</param>
/// <param name="Files">Hexadecimal SHA-256 over the files of its folder.</param>
/// <param name="Code">The same, but of assemblies only what they compute.</param>
/// <param name="IsCompiledAhead">Whether an assembly among the files holds machine code
/// too.</param>
public sealed record RecordedPlugin(string Kind, string Name, string Assembly, string Version, string Files, string Code, bool IsCompiledAhead)
{
    /// <summary>As messages call it: <c>optimizer 'sgd'</c>.</summary>
    public string Title => $"{Kind} '{Name}'";
}
