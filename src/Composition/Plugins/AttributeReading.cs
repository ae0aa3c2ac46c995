using System.Reflection.Metadata;

namespace Orchestrator.Composition;

/// <summary>Finds and decodes attributes without loading anything.</summary>
internal static class AttributeReading
{
    /// <summary>The attributes of one type, decoded.</summary>
    public static IEnumerable<CustomAttributeValue<ClrType>> Attributes(this MetadataReader reader, CustomAttributeHandleCollection handles, string typeName)
    {
        foreach (var handle in handles)
        {
            var attribute = reader.GetCustomAttribute(handle);
            if (TypeName(reader, attribute) == typeName)
            {
                yield return attribute.DecodeValue(ClrTypes.Instance);
            }
        }
    }

    /// <summary>The text of a <c>[Description]</c>; empty without one.</summary>
    public static string Description(this MetadataReader reader, CustomAttributeHandleCollection handles)
    {
        foreach (var attribute in reader.Attributes(handles, "System.ComponentModel.DescriptionAttribute"))
        {
            return attribute.Text(0) ?? "";
        }

        return "";
    }

    public static string? Text(this CustomAttributeValue<ClrType> attribute, int argument) =>
        argument < attribute.FixedArguments.Length ? attribute.FixedArguments[argument].Value as string : null;

    public static bool Flag(this CustomAttributeValue<ClrType> attribute, string name)
    {
        foreach (var argument in attribute.NamedArguments)
        {
            if (argument.Name == name)
            {
                return argument.Value is true;
            }
        }

        return false;
    }

    private static string TypeName(MetadataReader reader, CustomAttribute attribute) => attribute.Constructor.Kind switch
    {
        HandleKind.MemberReference => ClrTypes.NameOf(reader, reader.GetMemberReference((MemberReferenceHandle)attribute.Constructor).Parent),
        HandleKind.MethodDefinition => ClrTypes.NameOf(reader, reader.GetMethodDefinition((MethodDefinitionHandle)attribute.Constructor).GetDeclaringType()),
        _ => "",
    };
}
