package main

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

// document is schema.json: one provider as `terraform providers schema -json` writes it, and its address.
type document struct {
	Address   string             `json:"address"`
	Provider  *schema            `json:"provider"`
	Resources map[string]*schema `json:"resource_schemas"`
	Data      map[string]*schema `json:"data_source_schemas"`
	Ephemeral map[string]*schema `json:"ephemeral_resource_schemas"`
}

type schema struct {
	Version int64  `json:"version"`
	Block   *block `json:"block"`
}

type block struct {
	Attributes map[string]*attribute `json:"attributes"`
	Blocks     map[string]*nested    `json:"block_types"`
}

type attribute struct {
	Type      json.RawMessage `json:"type"`
	Required  bool            `json:"required"`
	Optional  bool            `json:"optional"`
	Computed  bool            `json:"computed"`
	WriteOnly bool            `json:"write_only"`
}

type nested struct {
	Mode  string `json:"nesting_mode"`
	Block *block `json:"block"`
	Min   int64  `json:"min_items"`
	Max   int64  `json:"max_items"`
}

var modes = map[string]tfprotov6.SchemaNestedBlockNestingMode{
	"single": tfprotov6.SchemaNestedBlockNestingModeSingle,
	"list":   tfprotov6.SchemaNestedBlockNestingModeList,
	"set":    tfprotov6.SchemaNestedBlockNestingModeSet,
	"map":    tfprotov6.SchemaNestedBlockNestingModeMap,
}

func (d *document) convert() (*tfprotov6.GetProviderSchemaResponse, error) {
	own, err := convertAll(map[string]*schema{"": d.Provider})
	if err != nil {
		return nil, err
	}
	resources, err := convertAll(d.Resources)
	if err != nil {
		return nil, err
	}
	data, err := convertAll(d.Data)
	if err != nil {
		return nil, err
	}
	ephemeral, err := convertAll(d.Ephemeral)
	// Terraform starts a provider again and again, and need not read all of its schema each time.
	able := &tfprotov6.ServerCapabilities{GetProviderSchemaOptional: true}
	return &tfprotov6.GetProviderSchemaResponse{ServerCapabilities: able, Provider: own[""], ResourceSchemas: resources,
		DataSourceSchemas: data, EphemeralResourceSchemas: ephemeral}, err
}

func convertAll(schemas map[string]*schema) (map[string]*tfprotov6.Schema, error) {
	converted := map[string]*tfprotov6.Schema{}
	for name, one := range schemas {
		block, err := one.Block.convert()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		converted[name] = &tfprotov6.Schema{Version: one.Version, Block: block}
	}
	return converted, nil
}

func (b *block) convert() (*tfprotov6.SchemaBlock, error) {
	converted := &tfprotov6.SchemaBlock{}
	for _, name := range slices.Sorted(maps.Keys(b.Attributes)) {
		one := b.Attributes[name]
		kind, err := tftypes.ParseJSONType(one.Type) //nolint:staticcheck // the only reader of types in JSON
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		converted.Attributes = append(converted.Attributes, &tfprotov6.SchemaAttribute{Name: name, Type: kind,
			Required: one.Required, Optional: one.Optional, Computed: one.Computed, WriteOnly: one.WriteOnly})
	}
	for _, name := range slices.Sorted(maps.Keys(b.Blocks)) {
		one := b.Blocks[name]
		inner, err := one.Block.convert()
		if err != nil {
			return nil, fmt.Errorf("%s.%w", name, err)
		}
		converted.BlockTypes = append(converted.BlockTypes, &tfprotov6.SchemaNestedBlock{TypeName: name,
			Nesting: modes[one.Mode], MinItems: one.Min, MaxItems: one.Max, Block: inner})
	}
	return converted, nil
}
