package appearance_test

import (
	"testing"

	"github.com/inkan-go/inkan/pades/appearance"
)

func TestGallery(t *testing.T) {
	fonts := japanese(t)
	var rows []appearance.Element
	row := &appearance.Row{Gap: 4}
	for _, name := range append(names, "山田", "武者小路", "勅使河原", "東", "一ノ瀬", "山田 太郎", "寿限無寿限無五劫の擦り切れ") {
		row.Items = append(row.Items, &appearance.Seal{Name: name, Fonts: fonts})
		if len(row.Items) == 5 {
			rows, row = append(rows, row), &appearance.Row{Gap: 4}
		}
	}
	for _, name := range []string{"ABC株式会社", "株式会社山田商店之印", "東京都千代田区役所之印", "印", "日本電子契約サービス株式会社代表取締役之印"} {
		row.Items = append(row.Items, &appearance.Seal{Name: name, Fonts: fonts, Shape: appearance.Square})
	}
	rows, row = append(rows, row), &appearance.Row{Gap: 4}
	for _, top := range []string{"法務部", "", "経営管理本部", "ABC", "株式会社サーバーサービス"} {
		row.Items = append(row.Items, &appearance.DateSeal{Top: top, Fonts: fonts})
	}
	rows = append(rows, row)
	drawn(t, &appearance.Column{Items: rows, Gap: 4}, request(500, 500))
}
