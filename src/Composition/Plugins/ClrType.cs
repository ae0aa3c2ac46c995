using System.Collections.Immutable;
using System.Reflection.Metadata;

namespace Orchestrator.Composition;

/// <summary>A type as a signature or an attribute names it.</summary>
/// <param name="Name">Full name as reflection writes it, nested types behind <c>+</c>.</param>
/// <param name="Handle">Its definition or reference; nil for primitives and for names out of
/// attributes.</param>
/// <param name="Arguments">Of a generic type.</param>
internal sealed record ClrType(string Name, EntityHandle Handle, ImmutableArray<ClrType> Arguments)
{
    public ClrType(string name, EntityHandle handle = default) : this(name, handle, []) { }

    /// <summary>The argument of a generic type with one, when it is this one.</summary>
    public ClrType? ArgumentOf(string generic) => Name == generic && Arguments.Length == 1 ? Arguments[0] : null;

    /// <summary>What a dictionary with names as keys holds; null for any other type.</summary>
    public ClrType? ValueOfMap => Name == "System.Collections.Generic.IReadOnlyDictionary`2" && Arguments is [{ Name: "System.String" }, var value] ? value : null;
}

/// <summary>Decodes signatures and attributes into <see cref="ClrType"/>s.</summary>
internal sealed class ClrTypes : ISignatureTypeProvider<ClrType, object?>, ICustomAttributeTypeProvider<ClrType>
{
    private const int DeepestNesting = 50;

    public static ClrTypes Instance { get; } = new();

    public ClrType GetPrimitiveType(PrimitiveTypeCode typeCode) => new("System." + typeCode);

    public ClrType GetTypeFromDefinition(MetadataReader reader, TypeDefinitionHandle handle, byte rawTypeKind) => new(NameOf(reader, handle), handle);

    public ClrType GetTypeFromReference(MetadataReader reader, TypeReferenceHandle handle, byte rawTypeKind) => new(NameOf(reader, handle), handle);

    public ClrType GetTypeFromSpecification(MetadataReader reader, object? genericContext, TypeSpecificationHandle handle, byte rawTypeKind) =>
        reader.GetTypeSpecification(handle).DecodeSignature(this, genericContext);

    public ClrType GetGenericInstantiation(ClrType genericType, ImmutableArray<ClrType> typeArguments) => genericType with { Arguments = typeArguments };

    public ClrType GetTypeFromSerializedName(string name)
    {
        var comma = name.IndexOf(',');
        return new ClrType(comma < 0 ? name : name[..comma].Trim());
    }

    public ClrType GetSZArrayType(ClrType elementType) => new(elementType.Name + "[]");

    public ClrType GetArrayType(ClrType elementType, ArrayShape shape) => new(elementType.Name + "[,]");

    public ClrType GetByReferenceType(ClrType elementType) => new(elementType.Name + "&");

    public ClrType GetPointerType(ClrType elementType) => new(elementType.Name + "*");

    public ClrType GetFunctionPointerType(MethodSignature<ClrType> signature) => new("a function pointer");

    public ClrType GetGenericMethodParameter(object? genericContext, int index) => new("!!" + index);

    public ClrType GetGenericTypeParameter(object? genericContext, int index) => new("!" + index);

    public ClrType GetModifiedType(ClrType modifier, ClrType unmodifiedType, bool isRequired) => unmodifiedType;

    public ClrType GetPinnedType(ClrType elementType) => elementType;

    public ClrType GetSystemType() => new("System.Type");

    public bool IsSystemType(ClrType type) => type.Name == "System.Type";

    /// <summary>All enums that attributes here hold are plain ones.</summary>
    public PrimitiveTypeCode GetUnderlyingEnumType(ClrType type) => PrimitiveTypeCode.Int32;

    /// <summary>The full name of a definition or a reference; empty for anything else.</summary>
    public static string NameOf(MetadataReader reader, EntityHandle handle) => NameOf(reader, handle, depth: 0);

    private static string NameOf(MetadataReader reader, EntityHandle handle, int depth)
    {
        if (depth > DeepestNesting)
        {
            throw new BadImageFormatException("a type is nested in itself");
        }

        switch (handle.Kind)
        {
            case HandleKind.TypeDefinition:
                var definition = reader.GetTypeDefinition((TypeDefinitionHandle)handle);
                return Join(reader, definition.GetDeclaringType(), definition.Namespace, definition.Name, depth);
            case HandleKind.TypeReference:
                var reference = reader.GetTypeReference((TypeReferenceHandle)handle);
                var outer = reference.ResolutionScope.Kind == HandleKind.TypeReference ? reference.ResolutionScope : default;
                return Join(reader, outer, reference.Namespace, reference.Name, depth);
            case HandleKind.TypeSpecification:
                return reader.GetTypeSpecification((TypeSpecificationHandle)handle).DecodeSignature(Instance, null).Name;
            default:
                return "";
        }
    }

    private static string Join(MetadataReader reader, EntityHandle declaring, StringHandle space, StringHandle name, int depth)
    {
        var own = reader.GetString(name);
        return !declaring.IsNil ? $"{NameOf(reader, declaring, depth + 1)}+{own}" : space.IsNil ? own : $"{reader.GetString(space)}.{own}";
    }
}
