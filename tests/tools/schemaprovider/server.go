package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var errNoCloud = errors.New("this provider has a schema and nothing behind it: use mock_provider")

// server answers for a provider. What is not overridden below belongs to what nobody asks here: import, move, actions.
type server struct {
	tfprotov6.ProviderServer
	schemas *tfprotov6.GetProviderSchemaResponse
}

func (s *server) GetProviderSchema(context.Context, *tfprotov6.GetProviderSchemaRequest) (*tfprotov6.GetProviderSchemaResponse, error) {
	return s.schemas, nil
}

func (s *server) GetMetadata(context.Context, *tfprotov6.GetMetadataRequest) (*tfprotov6.GetMetadataResponse, error) {
	return &tfprotov6.GetMetadataResponse{}, nil
}

func (s *server) GetResourceIdentitySchemas(context.Context, *tfprotov6.GetResourceIdentitySchemasRequest) (*tfprotov6.GetResourceIdentitySchemasResponse, error) {
	return &tfprotov6.GetResourceIdentitySchemasResponse{}, nil
}

func (s *server) GetFunctions(context.Context, *tfprotov6.GetFunctionsRequest) (*tfprotov6.GetFunctionsResponse, error) {
	return &tfprotov6.GetFunctionsResponse{}, nil
}

func (s *server) ValidateProviderConfig(_ context.Context, asked *tfprotov6.ValidateProviderConfigRequest) (*tfprotov6.ValidateProviderConfigResponse, error) {
	return &tfprotov6.ValidateProviderConfigResponse{PreparedConfig: asked.Config}, nil
}

func (s *server) ConfigureProvider(context.Context, *tfprotov6.ConfigureProviderRequest) (*tfprotov6.ConfigureProviderResponse, error) {
	return &tfprotov6.ConfigureProviderResponse{}, nil
}

func (s *server) StopProvider(context.Context, *tfprotov6.StopProviderRequest) (*tfprotov6.StopProviderResponse, error) {
	return &tfprotov6.StopProviderResponse{}, nil
}

// ValidateResourceConfig does the one check that Terraform leaves to the provider and a schema can decide: what the
// provider alone decides is not set.
func (s *server) ValidateResourceConfig(_ context.Context, asked *tfprotov6.ValidateResourceConfigRequest) (*tfprotov6.ValidateResourceConfigResponse, error) {
	schema := s.schemas.ResourceSchemas[asked.TypeName]
	value, err := asked.Config.Unmarshal(schema.ValueType())
	if err != nil {
		return nil, err
	}
	found := findDecided(schema.Block, value, tftypes.NewAttributePath())
	return &tfprotov6.ValidateResourceConfigResponse{Diagnostics: found}, nil
}

func (s *server) ValidateDataResourceConfig(context.Context, *tfprotov6.ValidateDataResourceConfigRequest) (*tfprotov6.ValidateDataResourceConfigResponse, error) {
	return &tfprotov6.ValidateDataResourceConfigResponse{}, nil
}

func (s *server) ValidateEphemeralResourceConfig(context.Context, *tfprotov6.ValidateEphemeralResourceConfigRequest) (*tfprotov6.ValidateEphemeralResourceConfigResponse, error) {
	return &tfprotov6.ValidateEphemeralResourceConfigResponse{}, nil
}

// PlanResourceChange leaves what is proposed, and makes unknown what is computed and not set.
func (s *server) PlanResourceChange(_ context.Context, asked *tfprotov6.PlanResourceChangeRequest) (*tfprotov6.PlanResourceChangeResponse, error) {
	schema := s.schemas.ResourceSchemas[asked.TypeName]
	kind := schema.ValueType()
	value, err := asked.ProposedNewState.Unmarshal(kind)
	if err != nil || value.IsNull() {
		return &tfprotov6.PlanResourceChangeResponse{PlannedState: asked.ProposedNewState}, err
	}
	fields := map[string]tftypes.Value{}
	if err := value.As(&fields); err != nil {
		return nil, err
	}
	for _, one := range schema.Block.Attributes {
		if one.Computed && fields[one.Name].IsNull() {
			fields[one.Name] = tftypes.NewValue(one.Type, tftypes.UnknownValue)
		}
	}
	planned, err := tfprotov6.NewDynamicValue(kind, tftypes.NewValue(kind, fields))
	return &tfprotov6.PlanResourceChangeResponse{PlannedState: &planned}, err
}

// UpgradeResourceState and ReadResource give back the state as mock_provider wrote it.
func (s *server) UpgradeResourceState(_ context.Context, asked *tfprotov6.UpgradeResourceStateRequest) (*tfprotov6.UpgradeResourceStateResponse, error) {
	kind := s.schemas.ResourceSchemas[asked.TypeName].ValueType()
	value, err := asked.RawState.Unmarshal(kind)
	if err != nil {
		return nil, err
	}
	state, err := tfprotov6.NewDynamicValue(kind, value)
	return &tfprotov6.UpgradeResourceStateResponse{UpgradedState: &state}, err
}

func (s *server) ReadResource(_ context.Context, asked *tfprotov6.ReadResourceRequest) (*tfprotov6.ReadResourceResponse, error) {
	return &tfprotov6.ReadResourceResponse{NewState: asked.CurrentState}, nil
}

func (s *server) ApplyResourceChange(context.Context, *tfprotov6.ApplyResourceChangeRequest) (*tfprotov6.ApplyResourceChangeResponse, error) {
	return nil, errNoCloud
}

func (s *server) ReadDataSource(context.Context, *tfprotov6.ReadDataSourceRequest) (*tfprotov6.ReadDataSourceResponse, error) {
	return nil, errNoCloud
}

// findDecided tells of each argument in a configuration that only the provider decides.
func findDecided(block *tfprotov6.SchemaBlock, value tftypes.Value, path *tftypes.AttributePath) []*tfprotov6.Diagnostic {
	fields := map[string]tftypes.Value{}
	if value.IsNull() || !value.IsKnown() || value.As(&fields) != nil {
		return nil
	}
	var found []*tfprotov6.Diagnostic
	for _, one := range block.Attributes {
		if one.Computed && !one.Optional && !one.Required && !fields[one.Name].IsNull() {
			found = append(found, &tfprotov6.Diagnostic{Severity: tfprotov6.DiagnosticSeverityError,
				Attribute: path.WithAttributeName(one.Name), Summary: "Value for unconfigurable attribute",
				Detail: fmt.Sprintf("%q is decided by the provider: it cannot be set.", one.Name)})
		}
	}
	for _, one := range block.BlockTypes {
		for _, item := range listItems(one, fields[one.TypeName]) {
			found = append(found, findDecided(one.Block, item, path.WithAttributeName(one.TypeName))...)
		}
	}
	return found
}

// listItems gives the blocks of one name.
func listItems(block *tfprotov6.SchemaNestedBlock, value tftypes.Value) []tftypes.Value {
	if block.Nesting == tfprotov6.SchemaNestedBlockNestingModeSingle {
		return []tftypes.Value{value}
	}
	var items []tftypes.Value
	if value.IsNull() || !value.IsKnown() || value.As(&items) != nil {
		return nil
	}
	return items
}
